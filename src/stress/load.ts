/**
 * A load: what many workers do at once to one shared memory, and what is expected of the total. Lessons say what is done, the
 * stress runner does it on real threads, and this is what they agree on.
 */
import type { Recorder } from './recorder.ts'

/** How a load is run: the same for all workers. Plain data: it travels to the workers. */
export interface Setting {
  readonly variant: string
  readonly workers: number
  /** How many operations each worker does. */
  readonly iterations: number
  readonly seed: number
}

/** What a worker has for its part of a load. */
export interface LoadWorker {
  readonly index: number
  /** What the operations do between their read and their write: the gap of this run. */
  readonly pause: () => void
  /** Records the steps of this worker, in a run that is watched. */
  readonly recorder: Recorder | undefined
  /** Waits until all workers are there. What comes before is not measured. */
  start(): void
  /** Does one operation and measures it. The measurement ends with the last operation. */
  operation<Result>(work: () => Result): Result
  /** Waits until all workers have come this far. The wait is no part of the next operation. */
  meet(): void
  /** Calls `close` when the worker has done its part, also if the part failed. */
  onClose(close: () => void): void
  /** Ends this thread where it stands, as a crash would: nothing after it runs, and no lock that it holds is released. */
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

/** Memory travels to the workers, so it is plain data and shared buffers; so are their reports. */
export interface Load<Memory = unknown, Report = unknown, Given extends Setting = Setting> {
  /** Operations per worker, unless the run says another number. */
  readonly iterations: number
  /** The gap, unless the run says another: wide enough for the broken variants to break on any machine. */
  readonly gap: string
  /** Makes fresh memory, on the main thread, before the workers start. */
  prepare(setting: Given): Memory
  /** Does one worker's part, on its thread. */
  work(memory: Memory, setting: Given, worker: LoadWorker): Report
  /** Compares the total with what was expected, on the main thread. `reports` are those of the workers that did not die. */
  judge(memory: Memory, setting: Given, reports: readonly Report[]): Total
  /** Releases what memory refers to outside of itself, such as files. It is called however the run ends. */
  dispose?(memory: Memory): void
}
