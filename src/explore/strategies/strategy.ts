/**
 * A strategy says which schedules are tried, and in what order. It knows what the actors ask for and what their steps
 * touch, nothing else.
 */
export interface Strategy {
  readonly name: StrategyName
  /** Prepares the next schedule. Returns how many steps of the last one it begins with; undefined when none is left. */
  next(): number | undefined
  /** Who takes the next step: one of the actors whose bits are set in `enabled`; NO_ACTOR to give this schedule up. */
  choose(enabled: number): number
  /** Whether, with none left, every schedule that can matter has been tried. */
  readonly complete: boolean
}

export type StrategyName = 'dpor' | 'dfs' | 'random' | 'pct' | 'pos'

export const STRATEGIES: readonly StrategyName[] = ['dpor', 'dfs', 'random', 'pct', 'pos']

/** The lowest actor in a set. */
export function lowest(actors: number): number {
  return 31 - Math.clz32(actors & -actors)
}

/** Stays with an actor while it can, which is cheap and reads well; else the lowest. */
export function preferring(actor: number | undefined, actors: number): number {
  return actor !== undefined && (actors & (1 << actor)) !== 0 ? actor : lowest(actors)
}
