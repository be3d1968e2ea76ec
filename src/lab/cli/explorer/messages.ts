/** What the command and the explorer's process say to each other: a line of JSON each. */
import type { Recording } from '../../../explore/replay/recording.ts'
import type { Replay } from '../../../explore/replay/replay.ts'
import type { Exploration, Failure } from '../../../explore/search/result.ts'
import type { ThreadReplay } from '../../../explore/replay/threads.ts'
import type { ExploreFlags } from '../explore.ts'
import type { ReplayFlags } from '../replay.ts'

export interface ExploreJob {
  readonly kind: 'explore'
  readonly target: string
  readonly flags: ExploreFlags
  /** Seconds for each scenario. */
  readonly timeout: number
  /** The variants before this one are done. */
  readonly from: number
}

export interface ReplayJob {
  readonly kind: 'replay'
  readonly token: string
  readonly file?: string
  readonly flags: ReplayFlags
}

export type Job = ExploreJob | ReplayJob

/** What the process gets when it is started. */
export interface Task {
  readonly job: Job
  /** MiB. */
  readonly memory: number
  /** Files to start threads with. */
  readonly files: { readonly watch: string; readonly replay: string }
}

/** One scenario of those that are explored. */
export interface Begun {
  readonly index: number
  /** How many there are. */
  readonly count: number
  /** Whether the variant is declared to hold; undefined for files, which declare nothing. */
  readonly sound?: boolean
  /** As it would be if it ended now. */
  readonly exploration: Exploration
}

/** A failure, and its schedule step by step. */
export interface RecordedFailure {
  readonly failure: Failure
  readonly recording: Recording
}

export interface Replayed {
  /** What to call it: the scenario, and its variant. */
  readonly title: string
  readonly replay: Replay
  /** With `--on threads`. */
  readonly threads?: ThreadReplay
}

/** What the process's main thread says. */
export type Message =
  /** From here on, time counts. */
  | { readonly kind: 'loading' }
  | { readonly kind: 'began'; readonly begun: Begun }
  | { readonly kind: 'progress'; readonly exploration: Exploration; readonly deepest: number }
  /** The search is over; what follows takes a moment and no more. */
  | { readonly kind: 'ended'; readonly exploration: Exploration }
  | { readonly kind: 'explored'; readonly exploration: Exploration; readonly failures: readonly RecordedFailure[] }
  | { readonly kind: 'replayed'; readonly replayed: Replayed }
  /** It cannot be done; with a scenario begun, that one is what cannot be explored. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'done' }

/** What the command asks of the watching thread. */
export type Request = 'stop' | 'where'

/** Where the process's main thread was. */
export interface Place {
  /** `a`, `memory()`; undefined if it was in none of the scenario's functions. */
  readonly doing?: string
  /** The line, as `file:line:column`. */
  readonly at?: string
}

/** What the watching thread says. */
export type Report =
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'memory'; readonly place: Place }
