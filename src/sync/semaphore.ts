/**
 * Semaphore: at most `permits` of its permits are out at any time.
 *
 *   taken      how many permits are out
 *   waiting    how many agents are asleep or about to be
 *
 * Invariants
 *   I1  taken never exceeds the permits: it only grows by a compare-and-swap from a value that leaves room.
 *   I2  An agent counts itself in `waiting` before it looks at `taken` for the last time (which may be the look that
 *       Atomics.wait takes), so that a release which does not see it waiting is seen by it.
 *
 * Counting what is taken, not what is free, makes fresh words a full semaphore. Not fair. Every agent must make it with the
 * same number of permits.
 *
 * After E. W. Dijkstra's P and V; the waiting count is the usual way to notify only when somebody waits.
 *
 * @example
 * const three = new Semaphore(new Int32Array(new SharedArrayBuffer(4 * Semaphore.WORDS)), 0, 3)
 * three.acquire()
 * three.available() // 2
 * three.release()
 */
import { type Deadline, NEVER, deadlineIn } from './deadline.ts'
import { checkFit } from './fit.ts'
import { OverReleaseError, SyncRangeError } from './errors.ts'

export class Semaphore {
  static readonly WORDS = 2
  readonly permits: number
  readonly #words: Int32Array
  readonly #taken: number
  readonly #waiting: number

  /** Throws SyncRangeError unless permits is a whole number from 1 to 2^31 − 1. */
  constructor(words: Int32Array, at: number, permits: number) {
    if (!Number.isInteger(permits) || permits < 1 || permits > 0x7fffffff) {
      throw new SyncRangeError(
        'The number of permits',
        permits,
        'a whole number from 1 to 2147483647: how many to have',
      )
    }
    checkFit(words, at, Semaphore.WORDS)
    this.permits = permits
    this.#words = words
    this.#taken = at
    this.#waiting = at + 1
  }

  /** Waits for a permit and takes it. */
  acquire(): void {
    if (!this.tryAcquire()) this.#acquireContended(NEVER)
  }

  /** Takes a permit if one is free; says whether. */
  tryAcquire(): boolean {
    let seen = Atomics.load(this.#words, this.#taken)
    while (seen < this.permits) {
      const before = Atomics.compareExchange(this.#words, this.#taken, seen, seen + 1)
      if (before === seen) return true
      seen = before
    }
    return false
  }

  /** Waits at most so many milliseconds for a permit; says whether it got one. */
  tryAcquireFor(milliseconds: number): boolean {
    const deadline = deadlineIn(milliseconds)
    return this.tryAcquire() || this.#acquireContended(deadline)
  }

  /** Gives permits back and wakes as many sleepers. Throws OverReleaseError when fewer are out. */
  release(count = 1): void {
    if (!Number.isInteger(count) || count < 1) {
      throw new SyncRangeError(
        'The number of permits to release',
        count,
        'a whole number from 1: how many to give back',
      )
    }
    let seen = Atomics.load(this.#words, this.#taken)
    for (;;) {
      if (seen < count) throw new OverReleaseError(count, seen)
      const before = Atomics.compareExchange(this.#words, this.#taken, seen, seen - count)
      if (before === seen) break
      seen = before
    }
    if (Atomics.load(this.#words, this.#waiting) > 0) Atomics.notify(this.#words, this.#taken, count)
  }

  /** How many permits are free. True when read; it may have changed since. */
  available(): number {
    return this.permits - Atomics.load(this.#words, this.#taken)
  }

  #acquireContended(deadline: Deadline): boolean {
    Atomics.add(this.#words, this.#waiting, 1)
    try {
      for (;;) {
        if (this.tryAcquire()) return true
        const left = deadline.left()
        if (left === 0) return false
        // Sleeps only while none is free. A release in between changes the word, and one after it sees us waiting (I2).
        Atomics.wait(this.#words, this.#taken, this.permits, left)
      }
    } finally {
      Atomics.sub(this.#words, this.#waiting, 1)
    }
  }
}
