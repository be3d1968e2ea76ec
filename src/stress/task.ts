/** What travels between the main thread and the workers: plain data and shared buffers. */
import type { RecordableHistogram } from 'node:perf_hooks'
import { struct, word, words } from '../memory/layout.ts'
import { Barrier } from '../sync/barrier.ts'
import { StartGate } from '../sync/start-gate.ts'
import type { Setting, Step } from '../load.ts'
import type { Gap } from './gap.ts'

/** One worker's part of a run. */
export interface Task {
  readonly bug: string
  readonly setting: Setting
  readonly index: number
  readonly gap: Gap
  /** Whether each step is to be recorded; figures of a watched run mean nothing. */
  readonly watched: boolean
  readonly memory: unknown
  /** Gate, barrier and clock: see CONTROL. */
  readonly control: SharedArrayBuffer
  /** Nanoseconds an operation; one histogram, shared by all workers. */
  readonly latency: RecordableHistogram
}

/** What a worker did. */
export interface Attendance {
  readonly threadId: number
  readonly operations: number
  /** How often an operation paused: once an attempt, for one that tries again. */
  readonly pauses: number
  /** On the clock that all threads share, in nanoseconds. */
  readonly started: bigint
  readonly finished: bigint
  readonly steps: readonly Step[]
  readonly report: unknown
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
