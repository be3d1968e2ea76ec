/**
 * A load: what many workers do at once to one shared memory, and what is expected of the total. The seam between the lab's
 * lessons, which say what is done, and the stress runner, which does it on real threads.
 */
import type { SessionStore } from './session/store.ts'

/** How a load is run: the same for all workers. Plain data: it travels to the workers. */
export interface Setting {
  readonly variant: string
  readonly workers: number
  /** How many operations each worker does. */
  readonly iterations: number
  readonly seed: number
  readonly database: DatabaseKind
}

export type DatabaseKind = 'memory' | 'sqlite'

/** What a worker has for its part of a load. */
export interface Hand {
  readonly index: number
  /** What the operations do between their read and their write: the gap of this run. */
  readonly pause: () => void
  /** The store as this run wants it used: as it is, or watched step by step. */
  store(memory: SharedArrayBuffer): SessionStore
  /** Waits until all workers are there. What comes before is not measured. */
  start(): void
  /** Does one operation, and measures it. */
  operation(work: () => void): void
  /** Waits until all workers have come this far; ends the measuring. */
  meet(): void
}

/** What a load's total was, against what it should have been. */
export interface Total {
  readonly expected: number | null
  readonly actual: number | null
  /** How much went wrong. A sound variant has none. */
  readonly violations: number
  /** The load's own figures. */
  readonly metrics: Readonly<Record<string, number>>
}

/** Memory travels to the workers, so it is plain data and shared buffers; so do their reports. */
export interface Load<Memory = unknown, Report = unknown> {
  /** Operations per worker when nobody asks for another number. */
  readonly iterations: number
  /** On the main thread, before the workers: fresh memory. */
  prepare(setting: Setting): Memory
  /** On each worker. */
  work(memory: Memory, setting: Setting, hand: Hand): Report
  /** On the main thread, after the workers. */
  judge(memory: Memory, setting: Setting, reports: readonly Report[]): Total
}

/** One step of an operation as a worker recorded it. */
export interface Step {
  /** Its place among all steps of all workers: from one counter in shared memory. */
  readonly sequence: number
  readonly worker: number
  /** Which of the worker's operations it is a step of. */
  readonly operation: number
  readonly action: StepAction
  /** What was read or written, as text. */
  readonly detail: string
  /** The session as the step saw or left it; undefined for a step that does not look. */
  readonly session?: Observed
  /** The same as text, for the store's column. */
  readonly state?: string
}

export type StepAction =
  | 'read lock'
  | 'read unlock'
  | 'write lock'
  | 'write unlock'
  | 'mutex lock'
  | 'mutex unlock'
  | 'read'
  | 'work'
  | 'write'
  | 'write refused'

/** What a step shows of a session. */
export interface Observed {
  readonly id: string
  readonly accessCount: number
  readonly version: number
}
