/**
 * What an exploration found, as data: the same that `--json` prints.
 */
import type { Grade } from '../../scenario.ts'
import type { CutLoop } from '../run/spins/spins.ts'
import type { StrategyName } from '../strategies/strategy.ts'

export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'error'

export const FAILURE_KINDS = ['outcome', 'invariant', 'exception', 'deadlock', 'livelock', 'data-race'] as const

export type FailureKind = (typeof FAILURE_KINDS)[number]

export interface Failure {
  readonly kind: FailureKind
  readonly message: string
  /** The outcome's key, where there is one: not for actors that never ended. */
  readonly outcome: string | null
  /** How often the turn is taken from an actor that could have gone on. */
  readonly preemptions: number
  readonly steps: number
  /**
   * Whether no schedule that fails so has fewer preemptions, or as many and fewer steps. False where the search for one was
   * cut short: then these are the fewest found.
   */
  readonly fewest: boolean
  /** Of a data race: the other ones of the same schedule that no failure before this one has, in a sentence each. */
  readonly otherRaces?: readonly string[]
  /** Replays the schedule that fails. */
  readonly token: string
}

export interface OutcomeCount {
  /** How many schedules ended so. */
  readonly count: number
  /** As the scenario grades it; forbidden if every schedule that ended so broke the invariant. */
  readonly grade: Grade
  readonly description?: string
  /** How many of those schedules broke the invariant: they are failures, whatever the outcome's grade. */
  readonly broken?: number
}

export interface Exploration {
  readonly schema: 1
  readonly scenario: string
  readonly variant: string | null
  readonly strategy: StrategyName
  readonly verdict: Verdict
  /** Whether every schedule that can matter was explored, with no bound hit. */
  readonly complete: boolean
  /** How many schedules ran to an end. */
  readonly schedules: number
  readonly outcomes: { readonly [outcome: string]: OutcomeCount }
  readonly failures: readonly Failure[]
  readonly elapsedMs: number
  /** Words on which the scenario declares data races, if it does: there they were not taken for failures. */
  readonly declaredRaces?: readonly string[]
  /** Spin loops that were cut off: they carry something from round to round, or their code cannot be read. */
  readonly spins?: readonly CutLoop[]
  /** What to know beside the verdict: that the actors touch nothing that is shared. */
  readonly note?: string
  /** Why an exploration that is not complete stopped. */
  readonly stopped?: string
  /** What stood in the way, with the verdict `error`. */
  readonly error?: { readonly code: string; readonly message: string }
}
