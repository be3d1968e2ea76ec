/**
 * How far a run is, for a reader that watches it: words in shared memory that each worker writes for itself. The writes are plain
 * stores to a cache line of the worker's own, so they hold up no worker; the reader may see them a moment late.
 */
import { lines, struct, word } from '../memory/layout.ts'
import { sumOf } from './load.ts'

/** The progress of all workers together. */
export interface Progress {
  /** How many operations have ended. */
  readonly operations: number
  /** How often the load has called `note`. The load knows what that counts. */
  readonly noted: number
}

const row = lines(struct({ operations: word, noted: word }))
const { at: ROW } = row

/** Allocates memory for the progress of all workers. */
export function allocateProgress(workers: number): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * row.words * workers)
}

/** Writes the progress of one worker. */
export class ProgressWriter {
  readonly #words: Int32Array

  constructor(memory: SharedArrayBuffer, worker: number) {
    this.#words = new Int32Array(memory, 4 * row.words * worker, row.words)
  }

  get operations(): number {
    return this.#words[ROW.operations]!
  }

  endOperation(): void {
    this.#words[ROW.operations]!++
  }

  note(): void {
    this.#words[ROW.noted]!++
  }
}

/** Returns the progress at this moment. */
export function readProgress(memory: SharedArrayBuffer): Progress {
  const words = new Int32Array(memory)
  const starts = Array.from({ length: words.length / row.words }, (_, worker) => worker * row.words)
  const total = (field: number): number => sumOf(starts, (start) => Atomics.load(words, start + field))
  return { operations: total(ROW.operations), noted: total(ROW.noted) }
}
