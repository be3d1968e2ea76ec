import { makeKnown } from './copies.ts'
import { NEVER, deadlineIn } from './deadline.ts'
import type { Deadline } from './deadline.ts'
import { checkCount, checkFit } from './fit.ts'
import { TooManyArrivalsError } from './errors.ts'

const OPEN = 1
/** How often a thread looks at the gate before it sleeps: for about a microsecond, since the last party is often that close. */
const SPINS = 100

/**
 * A start gate over two words of shared memory: no thread starts before all parties have arrived, then all start together. It
 * serves for one start; a Barrier serves for rounds.
 *
 *   arrived   the number of parties that have arrived
 *   open      0 until all parties have arrived, then 1
 *
 * Invariant
 *   I1  The last party to arrive opens the gate, once. The gate never closes.
 *
 * A thread that arrives looks at the gate for about a microsecond before it sleeps, so that threads on free cores start
 * together. Threads that slept start microseconds apart, in the order in which the operating system runs them.
 *
 * Passing costs a few atomic operations, and a sleep for a party that arrives early.
 *
 * A latch as in B. Goetz and others, "Java Concurrency in Practice", section 5.5.1, that each party counts down and waits for
 * in one call.
 *
 * @example
 * const gate = new StartGate(new Int32Array(new SharedArrayBuffer(4 * StartGate.WORDS)), 0, 1)
 * gate.arrive()
 * gate.isOpen() // true
 */
export class StartGate {
  /** How many words of shared memory a start gate takes. */
  static readonly WORDS = 2
  /** How many threads start together. */
  readonly parties: number
  readonly #words: Int32Array
  readonly #arrived: number
  readonly #open: number

  /**
   * Makes this thread's object for the gate at `words[at]`; every thread makes one of its own. It writes nothing: words of 0
   * are a closed gate. Throws SyncRangeError unless `words` has `WORDS` words from index `at`, and `parties` is a whole number
   * from 1 to 2^31 − 1.
   */
  constructor(words: Int32Array, at: number, parties: number) {
    checkCount('The number of parties', parties)
    checkFit(words, at, StartGate.WORDS)
    this.parties = parties
    this.#words = words
    this.#arrived = at
    this.#open = at + 1
  }

  /** Waits until all parties have arrived. Throws TooManyArrivalsError if all parties had arrived before this call. */
  arrive(): void {
    this.#arrive(NEVER)
  }

  /**
   * Waits at most `milliseconds` (0 to Infinity) until all parties have arrived; returns whether the gate opened. If it returns
   * false, the arrival no longer counts. Throws SyncRangeError for any other value, and TooManyArrivalsError if all parties had
   * arrived before this call.
   */
  arriveFor(milliseconds: number): boolean {
    return this.#arrive(deadlineIn(milliseconds))
  }

  /** Returns whether all parties have arrived. Once true, it stays true. */
  isOpen(): boolean {
    return Atomics.load(this.#words, this.#open) === OPEN
  }

  #arrive(deadline: Deadline): boolean {
    const position = Atomics.add(this.#words, this.#arrived, 1) + 1
    if (position > this.parties) throw new TooManyArrivalsError(this.parties)
    if (position === this.parties) {
      Atomics.store(this.#words, this.#open, OPEN)
      if (this.parties > 1) Atomics.notify(this.#words, this.#open)
      return true
    }
    for (let spin = 0; spin < SPINS; spin++) if (this.isOpen()) return true
    while (!this.isOpen()) {
      const left = deadline.left()
      if (left === 0) return !this.#withdraw()
      Atomics.wait(this.#words, this.#open, 0, left)
    }
    return true
  }

  /**
   * Takes back the arrival of a party whose time ran out; returns whether it did. It returns false if all parties have arrived
   * meanwhile, and then the gate opens.
   */
  #withdraw(): boolean {
    let seen = Atomics.load(this.#words, this.#arrived)
    while (seen < this.parties) {
      const before = Atomics.compareExchange(this.#words, this.#arrived, seen, seen - 1)
      if (before === seen) return true
      seen = before
    }
    return false
  }
}

makeKnown('StartGate', StartGate, import.meta.url)
