/** The flags of the subcommands that the explorer's process carries out. Plain data: they are sent to it. */
import type { StrategyName } from '../../explore/strategies/strategy.ts'

export interface ExploreFlags {
  readonly variant?: string
  readonly strategy?: StrategyName
  readonly preemptions?: number
  readonly maxSchedules?: number
  readonly maxSteps?: number
  readonly spinRounds?: number
  readonly timeout?: number
  readonly memory?: number
  readonly seed?: number
  readonly allFailures?: true
  readonly races: boolean
  readonly json?: true
  readonly junit?: string
  readonly verbose?: true
}

export interface ReplayFlags {
  readonly on: 'explorer' | 'threads'
  readonly variant?: string
  readonly timeout?: number
  readonly memory?: number
  readonly json?: true
  readonly verbose?: true
}
