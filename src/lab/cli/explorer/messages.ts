/** The messages between the command and the explorer's process: one line of JSON each. */
import type { Recording } from '../../../explore/replay/recording.ts'
import type { Replay } from '../../../explore/replay/replay.ts'
import type { Exploration, Failure } from '../../../explore/search/result.ts'
import type { ThreadReplay } from '../../../explore/replay/threads.ts'
import type { Whereabouts as FoundWhereabouts } from '../../../explore/run/whereabouts.ts'
import type { SampleResult } from '../../../stress/samples/result.ts'
import type { ExploreFlags, ReplayFlags } from '../flags.ts'

/** The job of `lab explore`. */
export interface ExploreJob {
  readonly kind: 'explore'
  readonly target: string
  readonly flags: ExploreFlags
  /** The time for each scenario, in seconds. */
  readonly timeout: number
  /** The index of the first scenario to explore. */
  readonly from: number
  /** The number of threads that search. */
  readonly workers: number
}

/** The job of `lab replay`. */
export interface ReplayJob {
  readonly kind: 'replay'
  readonly token: string
  readonly file?: string
  readonly flags: ReplayFlags
}

/** The job of `lab stress`, for one scenario. */
export interface StressJob {
  readonly kind: 'stress'
  readonly target: string
  /** The variant of a bug, or the export of a file. */
  readonly variant?: string
  /** The time for the samples, in seconds; absent if there is no limit. */
  readonly time?: number
  /** The number of samples; absent if there is no limit. */
  readonly samples?: number
  /** After this time an actor that does not end counts as stuck, in seconds. */
  readonly stuckAfter: number
  /** Whether the result is compared with an exploration. */
  readonly compares: boolean
}

export type Job = ExploreJob | ReplayJob | StressJob

/** What the process is started with. */
export interface ProcessTask {
  readonly job: Job
  /** The limit of the process's memory, in MiB. */
  readonly memory: number
  /** The files of the threads that the process starts. */
  readonly files: { readonly watch: string; readonly replay: string; readonly sample: string; readonly search: string }
}

/** A scenario whose exploration has started. */
export interface StartedScenario {
  readonly index: number
  /** How many scenarios the target has. */
  readonly count: number
  /** Whether the variant is declared sound; undefined for a file, which declares nothing. */
  readonly sound?: boolean
  /** The result as it is before the first schedule. */
  readonly exploration: Exploration
}

/** A failure with its schedule, step by step. */
export interface RecordedFailure {
  readonly failure: Failure
  readonly recording: Recording
}

/** The result of a replay. */
export interface Replayed {
  /** The names of the scenario and its variant. */
  readonly title: string
  readonly replay: Replay
  /** The result on real threads, with `--on threads`. */
  readonly threads?: ThreadReplay
}

/** A message of the process's main thread. */
export type Message =
  /** The process has started: the time limit begins. */
  | { readonly kind: 'loading' }
  | { readonly kind: 'began'; readonly started: StartedScenario }
  | { readonly kind: 'progress'; readonly exploration: Exploration; readonly deepest: number }
  /** The search is over. Only the recordings of its failures are still to be made. */
  | { readonly kind: 'ended'; readonly exploration: Exploration }
  /** The failures are recorded. Only the turns after the exploration are still to be watched. */
  | { readonly kind: 'recorded'; readonly failures: readonly RecordedFailure[] }
  | { readonly kind: 'explored'; readonly exploration: Exploration }
  | { readonly kind: 'replayed'; readonly replayed: Replayed }
  /** What was sampled so far, and what was sampled when it is over. */
  | { readonly kind: 'sampling' | 'sampled'; readonly result: SampleResult }
  /** The job cannot be done. If a scenario has started, it is the one that cannot be explored. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'done' }

/** A request of the command to the watching thread. */
export type Request = 'stop' | 'where'

/** Where the process's main thread is. */
export interface Whereabouts extends FoundWhereabouts {
  /** The thread did not answer, so where it is is not known. */
  readonly unanswered?: true
}

/** A message of the watching thread; `memory` means that the limit is reached. */
export type Report =
  | { readonly kind: 'whereabouts'; readonly whereabouts: Whereabouts }
  | { readonly kind: 'memory'; readonly whereabouts: Whereabouts }
