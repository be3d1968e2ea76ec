/**
 * How to explore, and how far.
 */
import type { Exploration } from './result.ts'
import type { StrategyName } from './strategies/strategy.ts'

export interface ExploreOptions {
  /** Default `dpor`; `dfs` if `preemptions` is given. */
  readonly strategy?: StrategyName
  /** At most so many preemptions in a schedule. Only `dfs` can be bounded: a reduction under a bound would miss schedules. */
  readonly preemptions?: number
  /** Default: no bound for `dpor` and `dfs`, 10,000 for the strategies that draw lots, since those never end. */
  readonly maxSchedules?: number
  /** Steps of one schedule. Default 10,000. */
  readonly maxSteps?: number
  /** How many more rounds of a spin loop are followed that carries something from round to round. Default 3. */
  readonly spinRounds?: number
  /** Seconds for all. Default 60. */
  readonly timeout?: number
  /** For the strategies that draw lots, and for what actors get from Math.random. Default 1. */
  readonly seed?: number
  /** Goes on after the first failure, and lists one of each kind and outcome. */
  readonly allFailures?: boolean
  /** Whether a data race is a failure. Default true. With false, races are not looked for: seqlocks race on purpose. */
  readonly dataRaces?: boolean
  /** Names the variant in the result. */
  readonly variant?: string
  /** What a token is to say that it belongs to, so that it can be replayed without a file. */
  readonly subject?: string
  /** Called about ten times a second while schedules are run. A text that it returns ends the search, and is told as the reason. */
  readonly onProgress?: (progress: Progress) => string | undefined
}

/** How far an exploration is. */
export interface Progress {
  /** What its result would be if it ended now; failures are as they were found, not yet the shortest. */
  readonly soFar: Exploration
  /** Steps of the longest schedule. */
  readonly deepest: number
}

export interface Bounds {
  readonly strategy: StrategyName
  readonly preemptions: number
  readonly maxSchedules: number
  readonly maxSteps: number
  readonly spinRounds: number
  readonly timeoutMs: number
  readonly seed: number
}

export function boundsOf(options: ExploreOptions): Bounds {
  const strategy = options.strategy ?? (options.preemptions === undefined ? 'dpor' : 'dfs')
  const endless = strategy === 'dpor' || strategy === 'dfs'
  return {
    strategy,
    preemptions: options.preemptions ?? Infinity,
    maxSchedules: options.maxSchedules ?? (endless ? Infinity : 10_000),
    maxSteps: options.maxSteps ?? 10_000,
    spinRounds: options.spinRounds ?? 3,
    timeoutMs: (options.timeout ?? 60) * 1000,
    seed: options.seed ?? 1,
  }
}
