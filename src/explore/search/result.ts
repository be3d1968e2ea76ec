/** What an exploration found, as plain data: the same document that the command prints with `--json`. */
import type { Criterion, Grade } from '../../scenario.ts'
import type { CutLoop } from '../run/spins/spins.ts'
import type { StrategyName } from '../strategies/strategy.ts'
import type { FailureKind } from '../subject/failure-kind.ts'

/**
 * The verdict on a scenario.
 *
 * - `pass`: every schedule that can matter was explored, and none fails.
 * - `fail`: a schedule fails; `failures` lists it.
 * - `inconclusive`: no explored schedule fails, but not every schedule was explored; `stopped` gives the reason.
 * - `error`: the scenario cannot be explored, or an option is invalid; `error` gives the reason.
 */
export type ExplorationVerdict = 'pass' | 'fail' | 'inconclusive' | 'error'

/** One failure, with the smallest schedule that was found for it. */
export interface Failure {
  readonly kind: FailureKind
  /** What went wrong, in one sentence without a full stop. */
  readonly message: string
  /** The key of the outcome that the schedule ended in; null if it has none, because an actor threw or never ended. */
  readonly outcome: string | null
  /** How many times the schedule takes the turn from an actor that could have gone on. */
  readonly preemptions: number
  /** The number of steps of the schedule. */
  readonly steps: number
  /**
   * Whether the schedule is known to be the smallest: no schedule with the same failure has fewer preemptions, or as
   * many and fewer steps. False if the search for a smaller one was cut short.
   */
  readonly minimal: boolean
  /**
   * The step of no return: from step number `step` on, counted from 1, every continuation of the schedule fails in some way. 0 if
   * every schedule fails. `continuations` says how many of those before the step hold, and how many fail: one for each equivalence
   * class. Data races count only if the failure is one. Null if it was not found within the time and a budget of 200,000 steps.
   */
  readonly inevitable: {
    readonly step: number
    readonly of: number
    readonly continuations: { readonly holding: number; readonly failing: number }
  } | null
  /**
   * If the failure is a data race: the other data races of the same schedule that no earlier failure lists, one
   * sentence each.
   */
  readonly otherRaces?: readonly string[]
  /** The token of the schedule, for `replay`. */
  readonly token: string
}

/** Where a failing schedule became sure to fail. */
export type Inevitable = NonNullable<Failure['inevitable']>

/** How many schedules ended in one outcome, and how the outcome is graded. */
export interface OutcomeCount {
  /** The number of schedules that ended in the outcome. */
  readonly count: number
  /** The scenario's grade for the outcome; `forbidden` if every schedule that ended in it fails. */
  readonly grade: Grade
  /** The scenario's description of the outcome; absent if it gives none. */
  readonly description?: string
  /**
   * How many of the `count` schedules broke the invariant or have a history that no order explains; absent if none
   * did. They are failures, whatever the grade.
   */
  readonly broken?: number
}

/** The result of an exploration. It is plain data: `JSON.stringify` keeps all of it. */
export interface Exploration {
  /** The version of this document's format. */
  readonly schema: 1
  /** The name of the scenario; `(no name)` if it cannot be read. */
  readonly scenario: string
  /** The option `variant`; null if it was not given. */
  readonly variant: string | null
  /** The strategy that chose the schedules. */
  readonly strategy: StrategyName
  readonly verdict: ExplorationVerdict
  /**
   * Whether every schedule that can matter was explored: each one was run, or is equivalent to one that was. False if a
   * bound was hit, if schedules or clients were drawn at random, or if the exploration stopped at a failure.
   */
  readonly complete: boolean
  /**
   * Up to how many preemptions every schedule was explored, if not all schedules were; null if all were, or if there is no such
   * number. With a failure, it is the largest number without one.
   */
  readonly completeUpTo: { readonly preemptions: number } | null
  /** The number of schedules that were run for `completeUpTo`; absent if that is null. */
  readonly schedulesUpTo?: number
  /**
   * About how many schedules there are in all, one of each equivalence class; null if they were counted, or the search ended
   * before there was an estimate.
   */
  readonly estimate: number | null
  /** What the histories must be, if the scenario gives operations; otherwise absent, as are the next two. */
  readonly criterion?: Criterion
  /** The number of clients that were explored, the one that fails included. */
  readonly clients?: number
  /** The smallest client that was found to fail: the calls of each thread. Absent if none fails. */
  readonly client?: { readonly [thread: string]: readonly string[] }
  /**
   * The number of points at which an actor crashed, if the scenario lets actors crash; otherwise absent. A point is in front of an
   * actor's first access, or behind one that had an effect or wrote: a crash at another point has the same effect as one of these.
   */
  readonly crashes?: number
  /** If schedules with a crash fail: which actor crashed, and after how many of its accesses. Absent if others do, or none. */
  readonly crash?: { readonly actor: string; readonly after: number }
  /** The number of schedules that ran to an end, those cut off at `maxSteps` included. */
  readonly schedules: number
  /** The outcomes that were seen, by their keys. If the scenario gives operations, those of the client that fails. */
  readonly outcomes: { readonly [outcome: string]: OutcomeCount }
  /** The failures, the gravest first. Without the option `allFailures`, usually one. */
  readonly failures: readonly Failure[]
  /** The time that the exploration took, in milliseconds. */
  readonly elapsedMs: number
  /** The scenario's `races`: words on which a data race was not taken for a failure. Absent if it declares none. */
  readonly declaredRaces?: readonly string[]
  /** The spin loops that were cut off; absent if there are none. With any, the exploration is not complete. */
  readonly spins?: readonly CutLoop[]
  /** The classes of whose calls each was one step, or few, as their contracts say; absent if there are none. */
  readonly contracts?: readonly string[]
  /** The classes that have a contract and were explored access by access all the same, and why; absent if there are none. */
  readonly inside?: { readonly [name: string]: string }
  /** A remark on the result, such as that the actors use no shared memory; absent if there is none. */
  readonly note?: string
  /**
   * Why the exploration stopped before it was complete; absent if it is complete. May be absent with the verdict
   * `error`.
   */
  readonly stopped?: string
  /** Why the scenario cannot be explored; present only with the verdict `error`. */
  readonly error?: { readonly code: string; readonly message: string }
}

/**
 * Returns the verdict that follows from the other parts of a result. Every verdict comes from here, so a result that is
 * not complete is never a `pass`.
 */
export function verdictOn({
  complete,
  failures,
  error,
}: Pick<Exploration, 'complete' | 'failures' | 'error'>): ExplorationVerdict {
  if (error !== undefined) return 'error'
  if (failures.length > 0) return 'fail'
  return complete ? 'pass' : 'inconclusive'
}

/** Returns the exploration as not complete: it stopped for this reason, or it ended with this error. */
export function cutShort(exploration: Exploration, why: Pick<Exploration, 'stopped' | 'error'>): Exploration {
  const cut = { ...exploration, ...why, complete: false }
  return { ...cut, verdict: verdictOn(cut) }
}
