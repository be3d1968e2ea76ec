/** The flags of subcommands. Those of `explore` and `replay` are sent to the explorer's process. */
import type { ExploreOptions } from '../../explore/search/options.ts'

/** The options of `explore` that the command has as flags of the same names. */
type Shared =
  | 'variant'
  | 'strategy'
  | 'preemptions'
  | 'maxSchedules'
  | 'maxSteps'
  | 'spinRounds'
  | 'timeout'
  | 'seed'
  | 'criterion'
  | 'allFailures'
  | 'inside'

/** The most threads that search a scenario. */
export const MOST_WORKERS = 64

export interface ExploreFlags extends Pick<ExploreOptions, Shared> {
  readonly seeds?: number
  readonly prove?: true
  readonly workers?: number
  readonly watch?: true
  readonly memory?: number
  readonly races: boolean
  readonly json?: true
  readonly junit?: string
  readonly html?: string
  readonly verbose?: true
}

export interface ReplayFlags extends Pick<ExploreFlags, 'variant' | 'timeout' | 'memory' | 'json' | 'verbose'> {
  readonly on: 'explorer' | 'threads'
}

export interface CheckFlags {
  readonly model: string
  readonly timeout: number
  readonly memory?: number
  readonly html?: string
  readonly json?: true
}

export interface StressFlags {
  readonly variant?: string
  readonly samples?: number
  /** In seconds, as the other times. */
  readonly time?: number
  readonly stuckAfter?: number
  readonly compare?: true
  readonly timeout?: number
  readonly memory?: number
  readonly html?: string
  readonly json?: true
}

export interface ReportFlags {
  readonly html: string
  readonly workers: number
  readonly timeout: number
  readonly quick?: true
}
