/**
 * Chooses which schedules are run, and in what order. A strategy sees which access each actor asks for and what each
 * step touched, and nothing else.
 */
export interface Strategy {
  readonly name: StrategyName
  /**
   * Prepares the next schedule, and returns the number of steps that it has in common with the last one, from the first
   * step on. Returns undefined when no schedule is left.
   */
  next(): number | undefined
  /**
   * Returns the actor that takes the next step: one whose bit is set in `enabled`, or NO_ACTOR to abandon this
   * schedule.
   */
  choose(enabled: number): number
  /** Told that the steps before `next` have been taken once more: they are the same, as other objects. */
  retraced?(): void
  /** Whether, once `next` has returned undefined, every schedule that can matter has been run. */
  readonly complete: boolean
}

/**
 * The name of a strategy.
 *
 * - `dpor`: dynamic partial-order reduction with source sets (Abdulla and others, POPL 2014). Complete.
 * - `dfs`: every interleaving, depth first; with a bound on preemptions, after Musuvathi and Qadeer (PLDI 2007).
 *   Complete without the bound.
 * - `random`: a random walk. Never complete.
 * - `pct`: random priorities with few changes (Burckhardt and others, ASPLOS 2010). Never complete.
 * - `pos`: partial-order sampling (Yuan and others, CAV 2018). Never complete.
 */
export type StrategyName = 'dpor' | 'dfs' | 'random' | 'pct' | 'pos'

export const STRATEGIES: readonly StrategyName[] = ['dpor', 'dfs', 'random', 'pct', 'pos']

/** Whether a strategy draws schedules at random: it never ends by itself. */
export function drawsAtRandom(strategy: StrategyName): boolean {
  return strategy !== 'dpor' && strategy !== 'dfs'
}

/** What `makeStrategy` needs to know. */
export interface StrategyOptions {
  readonly strategy: StrategyName
  /** The largest number of preemptions in a schedule; Infinity for no bound. */
  readonly preemptions: number
  readonly seed: number
}

/** Returns the lowest actor in a set of bits. */
export function lowest(actors: number): number {
  return 31 - Math.clz32(actors & -actors)
}

/**
 * Returns `actor` if it is in the set, else the lowest in it. A schedule with few switches is cheap to run and easy to
 * read.
 */
export function preferring(actor: number | undefined, actors: number): number {
  return actor !== undefined && (actors & (1 << actor)) !== 0 ? actor : lowest(actors)
}
