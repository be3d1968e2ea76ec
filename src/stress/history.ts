/**
 * The history of a run: each call of an operation, with its answer, recorded in shared memory. All workers stamp their calls and
 * returns with one shared counter, so that it is known which returned before which was called.
 */
import { struct, table, word } from '../memory/layout.ts'

/** What a call does, as numbers. The lesson knows what they mean. */
export interface CallOf<Result> {
  /** The number of the operation. */
  readonly f: number
  /** The number of the part of the object that the call concerns, such as a session. */
  readonly part: number
  readonly input?: number
  /** Returns the answer as a number. */
  output(result: Result): number
}

/** A recorded call. */
export interface RecordedCall {
  readonly worker: number
  readonly f: number
  readonly part: number
  readonly input: number
  /** Means nothing if the call did not return. */
  readonly output: number
  readonly called: number
  /** Infinity if the call did not return, or not in time to be recorded. */
  readonly returned: number
}

/** The calls of a run up to some moment, and how many came later, for which there was no space. */
export interface RecordedHistory {
  readonly calls: readonly RecordedCall[]
  readonly left: number
}

/** The memory of a history. */
export interface HistoryMemory {
  readonly buffer: SharedArrayBuffer
  readonly workers: number
  /** How many calls of each worker it has space for. */
  readonly capacity: number
}

const entry = struct({ f: word, part: word, input: word, output: word, called: word, returned: word })
const { at: ENTRY } = entry

/** Returns the layout of a history: the clock, how many calls each worker made, and their entries. */
function layoutOf({ workers, capacity }: Pick<HistoryMemory, 'workers' | 'capacity'>) {
  return struct({ clock: word, made: table(word, workers), entries: table(table(entry, capacity), workers) })
}

/** Allocates memory for the calls of a run: 24 bytes for each. */
export function allocateHistory(workers: number, capacity: number): HistoryMemory {
  const size = 4 * layoutOf({ workers, capacity }).words
  return { buffer: new SharedArrayBuffer(size), workers, capacity }
}

/** Records the calls of one worker. */
export class HistoryRecorder {
  readonly #words: Int32Array
  readonly #clock: number
  readonly #made: number
  readonly #entries: number
  readonly #capacity: number

  constructor(memory: HistoryMemory, worker: number) {
    const { at, fields } = layoutOf(memory)
    this.#words = new Int32Array(memory.buffer)
    this.#clock = at.clock
    this.#made = at.made + fields.made.at(worker)
    this.#entries = at.entries + fields.entries.at(worker)
    this.#capacity = memory.capacity
  }

  /** Returns a function that calls `work` and records the call. A call for which there is no space is only counted. */
  recording<Result>({ f, part, input = 0, output }: CallOf<Result>, work: () => Result): () => Result {
    const words = this.#words
    return () => {
      const index = words[this.#made]!++
      if (index >= this.#capacity) return work()
      const at = this.#entries + index * entry.words
      words[at + ENTRY.f] = f
      words[at + ENTRY.part] = part
      words[at + ENTRY.input] = input
      words[at + ENTRY.called] = this.#tick()
      const result = work()
      words[at + ENTRY.returned] = this.#tick()
      words[at + ENTRY.output] = output(result)
      return result
    }
  }

  #tick(): number {
    return Atomics.add(this.#words, this.#clock, 1) + 1
  }
}

/**
 * Returns the calls that were recorded, in the order in which they were made. If a worker had no space for all of its calls, the
 * history ends when its last recorded call returned: later calls of the others are left out too.
 */
export function readHistory(memory: HistoryMemory): RecordedHistory {
  const all = Array.from({ length: memory.workers }, (_, worker) => callsOf(memory, worker))
  const full = all.filter(({ made, calls }) => made > calls.length)
  const end = Math.min(...full.map(({ calls }) => calls.at(-1)?.returned ?? 0))
  const calls = all
    .flatMap((each) => each.calls)
    .filter(({ called }) => called < end)
    .map((call) => (call.returned > end ? unreturned(call) : call))
    .sort((one, other) => one.called - other.called)
  const made = all.reduce((sum, each) => sum + each.made, 0)
  return { calls, left: made - calls.length }
}

function unreturned(call: RecordedCall): RecordedCall {
  return { ...call, returned: Infinity }
}

function callsOf(memory: HistoryMemory, worker: number): { readonly made: number; readonly calls: RecordedCall[] } {
  const { at, fields } = layoutOf(memory)
  const words = new Int32Array(memory.buffer)
  const made = words[at.made + fields.made.at(worker)]!
  const begin = at.entries + fields.entries.at(worker)
  const calls = Array.from({ length: Math.min(made, memory.capacity) }, (_, index): RecordedCall => {
    const field = (name: keyof typeof ENTRY): number => words[begin + index * entry.words + ENTRY[name]]!
    return {
      worker,
      f: field('f'),
      part: field('part'),
      input: field('input'),
      output: field('output'),
      called: field('called'),
      returned: field('returned') || Infinity,
    }
  })
  return { made, calls }
}
