/**
 * The gate before a sample: no thread passes a turn until all threads have come to it. A thread that waits spins, because a
 * thread that is woken starts microseconds late, when the others have long gone through.
 *
 *   word            meaning
 *     0  ARRIVED    how many arrivals there were in this round
 *    32  OPEN       the last turn that is open
 *    64  SLEEPERS   how many threads sleep until the next turn opens
 *    96  END        1: the main thread wants the round to end at the next turn
 *   128  ENDED      1: the round has ended at the turn in OPEN, for all threads
 *
 * The words have cache lines of their own, so that an arrival does not slow down the threads that watch OPEN.
 */

const ARRIVED = 0
const OPEN = 32
const SLEEPERS = 64
const END = 96
const ENDED = 128
export const GATE_WORDS = 160

const { add, load, notify, store, sub, wait } = Atomics

/** The gate, as one of its threads sees it. */
export class SampleGate {
  readonly #words: Int32Array
  readonly #threads: number
  readonly #spins: number

  /** `spins`: how often a thread looks before it sleeps. With more threads than cores, spinning keeps the others from running. */
  constructor(words: Int32Array, threads: number, spins: number) {
    this.#words = words
    this.#threads = threads
    this.#spins = spins
  }

  /** Closes all turns. No thread may be at the gate. */
  reset(): void {
    this.#words.fill(0)
  }

  /** Ends the round at the next turn that no thread has passed. */
  end(): void {
    store(this.#words, END, 1)
  }

  /**
   * Returns when all threads have come to this turn; turns are numbered from 1. Returns false if the round ends here, and then
   * does so in all threads.
   */
  pass(turn: number): boolean {
    const words = this.#words
    if (add(words, ARRIVED, 1) + 1 === this.#threads * turn) this.#open(turn)
    else this.#await(turn)
    return load(words, ENDED) === 0
  }

  #open(turn: number): void {
    const words = this.#words
    // Only the last thread looks at END, before the others can pass: so all of them leave at the same turn.
    if (load(words, END) === 1) store(words, ENDED, 1)
    store(words, OPEN, turn)
    // A thread counts itself as a sleeper before it looks at OPEN for the last time, so it either sees the turn or is woken.
    if (load(words, SLEEPERS) > 0) notify(words, OPEN)
  }

  #await(turn: number): void {
    const words = this.#words
    for (let spin = this.#spins; spin > 0; spin--) if (load(words, OPEN) >= turn) return
    add(words, SLEEPERS, 1)
    for (let open: number; (open = load(words, OPEN)) < turn;) wait(words, OPEN, open)
    sub(words, SLEEPERS, 1)
  }
}
