/**
 * A load: what several workers do to one shared memory at the same time, and the total that is expected. It is the interface
 * between a lesson, which defines the load, and the stress runner, which runs it on real threads.
 */
import type { HistoryRecorder } from './history.ts'
import type { Recorder } from './recorder.ts'

/** The settings of a run, the same for all workers. They are plain data, so they can be sent to the workers. */
export interface Setting {
  readonly variant: string
  readonly workers: number
  /** How many operations each worker does. */
  readonly iterations: number
  readonly seed: number
}

/** What the runner offers a worker for its part of a load. */
export interface LoadWorker {
  readonly index: number
  /** Makes the gap of this run. Operations call it between their read and their write. */
  readonly pause: () => void
  /** Records the steps of this worker; undefined if the run is not watched. */
  readonly recorder: Recorder | undefined
  /** Records the calls of this worker; undefined if the run's history is not recorded. */
  readonly history: HistoryRecorder | undefined
  /** Waits until all workers have called it. Work before this call is not measured. */
  start(): void
  /**
   * Calls `work`, measures it as one operation, and returns its result. The worker's measured time ends with its last
   * operation.
   */
  operation<Result>(work: () => Result): Result
  /** Counts something for a reader that watches the run: see Progress. */
  note(): void
  /** Waits until all workers have called it. The wait is not measured as part of an operation. */
  meet(): void
  /** Calls `close` when the worker's part has ended, also if it failed. */
  onClose(close: () => void): void
  /** Ends this thread at once, as a crash would: no later code runs, and the locks that it holds stay locked. */
  die(): never
}

/** The figures of a load, by name: single numbers and series. */
export type Metrics = Readonly<Record<string, number | readonly number[]>>

/** The total of a run, compared with what was expected. */
export interface Total {
  readonly expected: number | null
  readonly actual: number | null
  /** How many violations there were. A sound variant has none. */
  readonly violations: number
  /** The load's own figures. A figure named `retries` replaces the runner's, which counts pauses. */
  readonly metrics: Metrics
}

/** Returns the sum of a figure over all reports. */
export function sumOf<Report>(reports: readonly Report[], figure: (report: Report) => number): number {
  return reports.reduce((sum, report) => sum + figure(report), 0)
}

/** A load over a memory of one type. Memory and reports are sent between threads, so they are plain data and shared buffers. */
export interface Load<Memory = unknown, Report = unknown, Given extends Setting = Setting> {
  /** The default number of operations per worker. */
  readonly iterations: number
  /** The default gap: long enough for the broken variants to break on any machine. */
  readonly gap: string
  /** Returns new memory. It is called on the main thread before the workers start. */
  prepare(setting: Given): Memory
  /** Does one worker's part on the worker's thread, and returns its report. */
  work(memory: Memory, setting: Given, worker: LoadWorker): Report
  /** Returns the total. It is called on the main thread with the reports of the workers that did not die. */
  judge(memory: Memory, setting: Given, reports: readonly Report[]): Total
  /**
   * Makes the last calls of a run whose history is recorded, such as a last look at each session. It is called on the main
   * thread after `judge`.
   */
  lastCalls?(memory: Memory, setting: Given, history: HistoryRecorder): void
  /** Releases what the memory refers to, such as files. It is also called if the run fails. */
  dispose?(memory: Memory): void
}
