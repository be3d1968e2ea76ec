import { makeKnown } from './copies.ts'
import { NEVER, deadlineIn } from './deadline.ts'
import type { Deadline } from './deadline.ts'
import { checkCount, checkFit } from './fit.ts'
import { OverReleaseError, SyncRangeError } from './errors.ts'

/**
 * A semaphore over two words of shared memory: at most `permits` permits are acquired at any time.
 *
 *   taken      the number of acquired permits
 *   waiting    the number of agents that are asleep or about to sleep
 *
 * Invariants
 *   I1  taken never exceeds the permits: it only grows by a compare-and-swap from a smaller value.
 *   I2  An agent counts itself in `waiting` before it reads `taken` for the last time (the read that Atomics.wait makes, if it
 *       sleeps). So if a release does not see the agent in `waiting`, the agent sees the release in `taken`.
 *
 * The semaphore counts acquired permits, not free ones, so that fresh words are a semaphore with all permits free. It is not
 * fair: a newcomer may overtake a woken sleeper. Any agent may release a permit that another agent acquired. Every agent must
 * make its object with the same number of permits. If a thread ends without releasing, its permits stay acquired.
 *
 * Uncontended, an acquire and a release cost two or three atomic operations each. `Atomics.notify` is called only if an agent
 * waits.
 *
 * After E. W. Dijkstra's P and V. The count of waiting agents is the usual way to avoid a notify when no agent waits.
 *
 * @example
 * const semaphore = new Semaphore(new Int32Array(new SharedArrayBuffer(4 * Semaphore.WORDS)), 0, 3)
 * semaphore.acquire()
 * semaphore.available() // 2
 * semaphore.release()
 * semaphore.available() // 3
 */
export class Semaphore {
  /** How many words of shared memory a semaphore takes. */
  static readonly WORDS = 2
  /** How many permits can be acquired at once. */
  readonly permits: number
  readonly #words: Int32Array
  readonly #taken: number
  readonly #waiting: number

  /**
   * Makes this agent's object for the semaphore at `words[at]`; every agent makes one of its own. It writes nothing: words of 0
   * are a semaphore with all permits free. Throws SyncRangeError unless `words` has `WORDS` words from index `at`, and
   * `permits` is a whole number from 1 to 2^31 − 1.
   */
  constructor(words: Int32Array, at: number, permits: number) {
    checkCount('The number of permits', permits)
    checkFit(words, at, Semaphore.WORDS)
    this.permits = permits
    this.#words = words
    this.#taken = at
    this.#waiting = at + 1
  }

  /** Waits until a permit is free and acquires it. */
  acquire(): void {
    if (!this.tryAcquire()) this.#acquireContended(NEVER)
  }

  /** Acquires a permit if one is free; returns whether it did. Never waits. */
  tryAcquire(): boolean {
    let seen = Atomics.load(this.#words, this.#taken)
    while (seen < this.permits) {
      const before = Atomics.compareExchange(this.#words, this.#taken, seen, seen + 1)
      if (before === seen) return true
      seen = before
    }
    return false
  }

  /**
   * Waits at most `milliseconds` (0 to Infinity) until a permit is free and acquires it; returns false if the time ran out.
   * Throws SyncRangeError for any other value.
   */
  tryAcquireFor(milliseconds: number): boolean {
    const deadline = deadlineIn(milliseconds)
    return this.tryAcquire() || this.#acquireContended(deadline)
  }

  /**
   * Releases `count` permits in one step and wakes up to `count` sleeping agents. Throws OverReleaseError if fewer permits are
   * acquired, and SyncRangeError unless `count` is a whole number of at least 1.
   */
  release(count = 1): void {
    if (!Number.isInteger(count) || count < 1) {
      throw new SyncRangeError('The number of permits to release', count, 'a whole number, at least 1')
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

  /** Returns how many permits are free. The answer may be out of date when it is used. */
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
        // Sleeps only while no permit is free. A release before the sleep changes the word; a later one sees `waiting` (I2).
        Atomics.wait(this.#words, this.#taken, this.permits, left)
      }
    } finally {
      Atomics.sub(this.#words, this.#waiting, 1)
    }
  }
}

makeKnown('Semaphore', Semaphore, import.meta.url)
