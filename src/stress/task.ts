/** What the main thread and the workers send to each other: plain data and shared buffers. */
import { struct, word, words } from '../memory/layout.ts'
import { Barrier } from '../sync/barrier.ts'
import { StartGate } from '../sync/start-gate.ts'
import type { HistoryMemory } from './history.ts'
import type { Setting } from './load.ts'
import type { WatchedStep } from './recorder.ts'
import type { Gap } from './gap.ts'

/** One worker's part of a run. */
export interface Task {
  /** The name by which the worker's file finds the load. */
  readonly load: string
  readonly setting: Setting
  readonly index: number
  readonly gap: Gap
  /** Whether each step is recorded. The figures of a watched run are not used. */
  readonly watched: boolean
  readonly memory: unknown
  /** Where each call is recorded; undefined if the run's history is not recorded. */
  readonly history: HistoryMemory | undefined
  /** Gate, barrier and clock: see CONTROL. */
  readonly control: SharedArrayBuffer
  /** What each worker measured: see Measures. */
  readonly measures: SharedArrayBuffer
  /** How long operations took: see latency.ts. */
  readonly latencies: SharedArrayBuffer
  /** How far each worker is: see progress.ts. */
  readonly progress: SharedArrayBuffer
}

/** What a worker returns that did not die. */
export interface TaskResult {
  readonly steps: readonly WatchedStep[]
  readonly report: unknown
}

/** What a worker measured. It is in shared memory, so it is kept if the worker dies. */
export interface Measures {
  readonly threadId: number
  readonly operations: number
  /** How often operations were tried again. */
  readonly retries: number
  /** When the measurement began and when the last operation ended: on the clock that all threads share, in nanoseconds. */
  readonly started: bigint
  readonly finished: bigint
}

const MEASURES = 5

/** Allocates memory for the measures of all workers. */
export function allocateMeasures(workers: number): SharedArrayBuffer {
  return new SharedArrayBuffer(8 * MEASURES * workers)
}

/** Writes the measures of one worker. */
export function writeMeasures(memory: SharedArrayBuffer, worker: number, measures: Measures): void {
  const { threadId, operations, retries, started, finished } = measures
  const values = [BigInt(threadId), BigInt(operations), BigInt(retries), started, finished]
  new BigInt64Array(memory).set(values, worker * MEASURES)
}

/** Returns the measures of all workers. */
export function readMeasures(memory: SharedArrayBuffer): Measures[] {
  const all = new BigInt64Array(memory)
  return Array.from({ length: all.length / MEASURES }, (_, worker) => {
    const [threadId, operations, retries, started, finished] = all.subarray(worker * MEASURES, (worker + 1) * MEASURES)
    return {
      threadId: Number(threadId),
      operations: Number(operations),
      retries: Number(retries),
      started: started!,
      finished: finished!,
    }
  })
}

const control = struct({
  gate: words(StartGate.WORDS),
  barrier: words(Barrier.WORDS),
  /** Counts the steps of a watched run. */
  clock: word,
  /** The index of the worker that dies, plus one; 0 if none does. At most one worker dies in a run. */
  dying: word,
})

/** The indices of the words that control a run. */
export const CONTROL = control.at
export const CONTROL_WORDS: number = control.words
