/** What travels between the main thread and the workers: plain data and shared buffers. */
import type { RecordableHistogram } from 'node:perf_hooks'
import { struct, word, words } from '../memory/layout.ts'
import { Barrier } from '../sync/barrier.ts'
import { StartGate } from '../sync/start-gate.ts'
import type { Setting } from './load.ts'
import type { Step } from './recorder.ts'
import type { Gap } from './gap.ts'

/** One worker's part of a run. */
export interface Task {
  /** The name under which the worker's file finds the load. */
  readonly load: string
  readonly setting: Setting
  readonly index: number
  readonly gap: Gap
  /** Whether each step is to be recorded; figures of a watched run mean nothing. */
  readonly watched: boolean
  readonly memory: unknown
  /** Gate, barrier and clock: see CONTROL. */
  readonly control: SharedArrayBuffer
  /** What each worker measured: see Measures. */
  readonly measures: SharedArrayBuffer
  /** Nanoseconds an operation; one histogram, shared by all workers. */
  readonly latency: RecordableHistogram
}

/** What a worker that came to its end hands back. */
export interface TaskResult {
  readonly steps: readonly Step[]
  readonly report: unknown
}

/** What a worker measured. It is in shared memory, where it outlives a worker that dies. */
export interface Measures {
  readonly threadId: number
  readonly operations: number
  /** How often operations tried again. */
  readonly retries: number
  /** When measuring began, and when the last operation ended: on the clock that all threads share, in nanoseconds. */
  readonly started: bigint
  readonly finished: bigint
}

const MEASURES = 5

export function allocateMeasures(workers: number): SharedArrayBuffer {
  return new SharedArrayBuffer(8 * MEASURES * workers)
}

export function writeMeasures(memory: SharedArrayBuffer, worker: number, measures: Measures): void {
  const { threadId, operations, retries, started, finished } = measures
  const values = [BigInt(threadId), BigInt(operations), BigInt(retries), started, finished]
  new BigInt64Array(memory).set(values, worker * MEASURES)
}

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
  /** The worker that is to die where it stands, plus one. One at most dies in a run. */
  dying: word,
})

export const CONTROL = control.at
export const CONTROL_WORDS: number = control.words
