import { makeKnown } from './copies.ts'
import { NEVER, deadlineIn } from './deadline.ts'
import type { Deadline } from './deadline.ts'
import { checkCount, checkFit } from './fit.ts'
import { TooManyArrivalsError } from './errors.ts'

/**
 * A barrier over two words of shared memory: no thread continues before all parties have arrived. It is reusable: the next
 * round begins when the last party of this round arrives.
 *
 *   arrived   the number of parties that have arrived in this round
 *   round     counts the rounds; a party sleeps only while it is the round in which the party arrived
 *
 * Invariants
 *   I1  A party reads the round before it arrives. The round can only change after that party has arrived.
 *   I2  The last party sets `arrived` to 0 before it changes the round, so that no party of the next round is counted in this
 *       one.
 *
 * Every thread must make its object with the same number of parties. A party that never arrives blocks all others: use
 * `arriveAndWaitFor` where that can happen. After a time-out the barrier is broken and must not be used again.
 *
 * A round costs each party a few atomic operations, and each party but the last a sleep.
 *
 * After the sense-reversing centralized barrier in J. Mellor-Crummey and M. Scott, "Algorithms for Scalable Synchronization on
 * Shared-Memory Multiprocessors" (1991). Here a round counter takes the place of the sense, and threads sleep instead of spin.
 *
 * @example
 * const barrier = new Barrier(new Int32Array(new SharedArrayBuffer(4 * Barrier.WORDS)), 0, 1)
 * barrier.arriveAndWait() // true: the only party is the last to arrive
 * barrier.arriveAndWait() // true: and again in the next round
 */
export class Barrier {
  /** How many words of shared memory a barrier takes. */
  static readonly WORDS = 2
  /** How many threads meet in each round. */
  readonly parties: number
  readonly #words: Int32Array
  readonly #arrived: number
  readonly #round: number

  /**
   * Makes this thread's object for the barrier at `words[at]`; every thread makes one of its own. It writes nothing: words of 0
   * are a barrier at which no party has arrived. Throws SyncRangeError unless `words` has `WORDS` words from index `at`, and
   * `parties` is a whole number from 1 to 2^31 − 1.
   */
  constructor(words: Int32Array, at: number, parties: number) {
    checkCount('The number of parties', parties)
    checkFit(words, at, Barrier.WORDS)
    this.parties = parties
    this.#words = words
    this.#arrived = at
    this.#round = at + 1
  }

  /**
   * Waits until all parties have arrived; returns true for exactly one of them, the last to arrive. Throws TooManyArrivalsError
   * if the calling thread is one too many while a round ends.
   */
  arriveAndWait(): boolean {
    return this.#arrive(NEVER) === 'last'
  }

  /**
   * Waits at most `milliseconds` (0 to Infinity) until all parties have arrived; returns whether they have. If it returns
   * false, the barrier must not be used again. Throws SyncRangeError for any other value, and TooManyArrivalsError if the
   * calling thread is one too many while a round ends.
   */
  arriveAndWaitFor(milliseconds: number): boolean {
    return this.#arrive(deadlineIn(milliseconds)) !== 'timed-out'
  }

  #arrive(deadline: Deadline): 'last' | 'passed' | 'timed-out' {
    const round = Atomics.load(this.#words, this.#round)
    const position = Atomics.add(this.#words, this.#arrived, 1) + 1
    if (position > this.parties) throw new TooManyArrivalsError(this.parties)
    if (position === this.parties) {
      Atomics.store(this.#words, this.#arrived, 0)
      Atomics.add(this.#words, this.#round, 1)
      if (this.parties > 1) Atomics.notify(this.#words, this.#round)
      return 'last'
    }
    while (Atomics.load(this.#words, this.#round) === round) {
      const left = deadline.left()
      if (left === 0) return 'timed-out'
      Atomics.wait(this.#words, this.#round, round, left)
    }
    return 'passed'
  }
}

makeKnown('Barrier', Barrier, import.meta.url)
