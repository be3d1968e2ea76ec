/**
 * StartGate: nobody starts before all are there, then all start at once. For one start only; a Barrier is for rounds.
 *
 *   arrived   how many are there
 *   open      0 until all are
 *
 * Invariant
 *   I1  The gate opens once, by the last to come, and never closes.
 *
 * Woken threads start microseconds apart, in the order in which the system runs them. Where that matters, let each pass the
 * gate spinning: `arrive` spins for a moment before it sleeps, which is what makes threads on free cores start together.
 *
 * @example
 * const gate = new StartGate(new Int32Array(new SharedArrayBuffer(4 * StartGate.WORDS)), 0, 1)
 * gate.arrive()
 * gate.isOpen() // true
 */
import { type Deadline, NEVER, deadlineIn } from './deadline.ts'
import { checkFit } from './fit.ts'
import { SyncRangeError, TooManyArrivalsError } from './errors.ts'

const OPEN = 1
/** About a microsecond: the last to come is often that close. */
const SPINS = 100

export class StartGate {
  static readonly WORDS = 2
  readonly parties: number
  readonly #words: Int32Array
  readonly #arrived: number
  readonly #open: number

  /** Throws SyncRangeError unless parties is a whole number from 1 to 2^31 − 1. */
  constructor(words: Int32Array, at: number, parties: number) {
    if (!Number.isInteger(parties) || parties < 1 || parties > 0x7fffffff) {
      throw new SyncRangeError(
        'The number of parties',
        parties,
        'a whole number from 1 to 2147483647: how many threads arrive',
      )
    }
    checkFit(words, at, StartGate.WORDS)
    this.parties = parties
    this.#words = words
    this.#arrived = at
    this.#open = at + 1
  }

  /** Waits until all parties have come. Throws TooManyArrivalsError for one too many. */
  arrive(): void {
    this.#arrive(NEVER)
  }

  /** Waits at most so many milliseconds for the others; says whether the gate opened. */
  arriveFor(milliseconds: number): boolean {
    return this.#arrive(deadlineIn(milliseconds))
  }

  /** Whether all have come. */
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

  /** Takes an arrival back whose time ran out; false when all had come meanwhile, so that the gate opens anyway. */
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
