/**
 * A load: what many workers do at once to one shared memory, and what is expected of the total. The seam between the lab's
 * lessons, which say what is done, and the stress runner, which does it on real threads.
 */
import type { DatabaseKind, DatabasePlace } from '../store/database/place.ts'
import type { Database } from '../store/database/database.ts'
import type { SessionStore } from '../store/store.ts'

/** How a load is run: the same for all workers. Plain data: it travels to the workers. */
export interface Setting {
  readonly variant: string
  readonly workers: number
  /** How many operations each worker does. */
  readonly iterations: number
  readonly seed: number
  readonly database: DatabaseKind
}

/** What a worker has for its part of a load. */
export interface Hand {
  readonly index: number
  /** What the operations do between their read and their write: the gap of this run. */
  readonly pause: () => void
  /** The store as this run wants it used: as it is, or watched step by step. */
  store(memory: SharedArrayBuffer): SessionStore
  /** A connection of this worker's own, used in the same way. It is closed when the work is done. */
  database(place: DatabasePlace): Database
  /** Waits until all workers are there. What comes before is not measured. */
  start(): void
  /** Does one operation, and measures it. Measuring ends with the last one. */
  operation<Result>(work: () => Result): Result
  /** Waits until all workers have come this far. The wait is no part of the next operation. */
  meet(): void
  /** Writes down a step of the load itself, in a run that is watched. */
  note(action: string, detail: string): void
  /** Ends this thread where it stands, as a crash would: nothing after it runs, nothing it holds is given back. */
  die(): never
}

export type Metrics = Readonly<Record<string, number | readonly number[]>>

/** What a load's total was, against what it should have been. */
export interface Total {
  readonly expected: number | null
  readonly actual: number | null
  /** How much went wrong. A sound variant has none. */
  readonly violations: number
  /** The load's own figures. One called `retries` takes the place of the runner's, which counts pauses. */
  readonly metrics: Metrics
}

/** Memory travels to the workers, so it is plain data and shared buffers; so do their reports. */
export interface Load<Memory = unknown, Report = unknown> {
  /** Operations per worker when nobody asks for another number. */
  readonly iterations: number
  /** The gap when nobody asks for another: wide enough for the broken variants to break on any machine. */
  readonly gap: string
  /** What lies behind the cache when nobody asks for something else. */
  readonly database: DatabaseKind
  /** On the main thread, before the workers: fresh memory. */
  prepare(setting: Setting): Memory
  /** On each worker. */
  work(memory: Memory, setting: Setting, hand: Hand): Report
  /** On the main thread, after the workers: reports of those that came to their end, in the workers' order. */
  judge(memory: Memory, setting: Setting, reports: readonly Report[]): Total
  /** Whatever happened: lets go of what memory cannot hold, such as files. */
  dispose?(memory: Memory): void
}

/** One step of an operation as a worker recorded it. */
export interface Step {
  /** Its place among all steps of all workers: from one counter in shared memory. */
  readonly sequence: number
  readonly worker: number
  /** Which of the worker's operations it is a step of; 0 for what comes before the first. */
  readonly operation: number
  readonly action: string
  /** What else there is to say of it. */
  readonly detail: string
  /** The session as the step saw or left it, if it looked at one. */
  readonly session?: ObservedSession
}

/** A session as a step saw it, as plain data. */
export interface ObservedSession {
  readonly id: string
  readonly accessCount: number
  readonly version: number
  readonly isAuthenticated: boolean
  readonly metadata: Readonly<Record<string, string>>
}
