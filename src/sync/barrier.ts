/**
 * Barrier: nobody goes on before all parties have come. Reusable: the next round begins when the last of this one arrives.
 *
 *   arrived   how many have come in this round
 *   round     counts the rounds; a party sleeps only while it is the one it came in
 *
 * Invariants
 *   I1  A party reads the round before it arrives; the round can only change after it has.
 *   I2  The last to come empties `arrived` before it changes the round, so that nobody of the next round is counted in this.
 *
 * Every agent must make it with the same number of parties. A party that never comes blocks all others: use the timed form
 * where that can be; after a time-out the barrier is broken and must not be used again.
 *
 * @example
 * const barrier = new Barrier(new Int32Array(new SharedArrayBuffer(4 * Barrier.WORDS)), 0, 1)
 * barrier.arriveAndWait() // true: the only party is the last to come
 */
import { type Deadline, NEVER, deadlineIn } from './deadline.ts'
import { checkFit } from './fit.ts'
import { SyncRangeError, TooManyArrivalsError } from './errors.ts'

export class Barrier {
  static readonly WORDS = 2
  readonly parties: number
  readonly #words: Int32Array
  readonly #arrived: number
  readonly #round: number

  /** Throws SyncRangeError unless parties is a whole number from 1 to 2^31 − 1. */
  constructor(words: Int32Array, at: number, parties: number) {
    if (!Number.isInteger(parties) || parties < 1 || parties > 0x7fffffff) {
      throw new SyncRangeError(
        'The number of parties',
        parties,
        'a whole number from 1 to 2147483647: how many threads arrive',
      )
    }
    checkFit(words, at, Barrier.WORDS)
    this.parties = parties
    this.#words = words
    this.#arrived = at
    this.#round = at + 1
  }

  /** Waits for all parties; true for exactly one of them, the last to come. */
  arriveAndWait(): boolean {
    return this.#arrive(NEVER) === 'last'
  }

  /** Waits for all parties, at most so many milliseconds; says whether all came. */
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
