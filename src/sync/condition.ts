/**
 * Condition: under a mutex, wait until somebody says that something has changed. No wake-up is lost: one that is sent after
 * the waiter let go of the mutex ends its sleep, however late it falls asleep.
 *
 *   sequence   grows with every wake-up; a waiter sleeps only while it is what it was under the mutex
 *   waiting    how many agents are between their first and their last look
 *
 * Invariants
 *   I1  A waiter reads the sequence while it still holds the mutex; so whoever changes things under the mutex afterwards
 *       also changes the sequence afterwards, and the sleep does not begin or ends.
 *   I2  A waiter counts itself while it still holds the mutex; so a notifier that changed things afterwards sees it.
 *
 * A wait may end without a wake-up for it: use `waitUntil`, or a loop. Notify after the change, with or without the mutex.
 * A waiter that sleeps through exactly 2^32 wake-ups before it falls asleep would miss them.
 *
 * After M. Bos, "Rust Atomics and Locks", chapter 9.
 *
 * @example
 * const words = new Int32Array(new SharedArrayBuffer(4 * (Mutex.WORDS + Condition.WORDS)))
 * const mutex = new Mutex(words, 0)
 * const filled = new Condition(words, Mutex.WORDS)
 * mutex.lock()
 * filled.waitUntil(mutex, () => true) // returns with the mutex held
 * mutex.unlock()
 */
import { type Deadline, NEVER, deadlineIn } from './deadline.ts'
import { checkFit } from './fit.ts'
import type { Mutex } from './mutex.ts'

export class Condition {
  static readonly WORDS = 2
  readonly #words: Int32Array
  readonly #sequence: number
  readonly #waiting: number

  constructor(words: Int32Array, at: number) {
    checkFit(words, at, Condition.WORDS)
    this.#words = words
    this.#sequence = at
    this.#waiting = at + 1
  }

  /** Lets go of the mutex, sleeps until woken, and takes the mutex again. Throws NotOwnerError without the mutex. */
  wait(mutex: Mutex): void {
    this.#sleep(mutex, NEVER)
  }

  /** The same, at most so many milliseconds (and then as long as the mutex takes): false when the time ran out. */
  waitFor(mutex: Mutex, milliseconds: number): boolean {
    return this.#sleep(mutex, deadlineIn(milliseconds))
  }

  /** Waits until the predicate holds. It is called with the mutex held, first before any sleep. */
  waitUntil(mutex: Mutex, predicate: () => boolean): void {
    while (!predicate()) this.#sleep(mutex, NEVER)
  }

  /** Waits until the predicate holds, at most so many milliseconds; says whether it does. */
  waitUntilFor(mutex: Mutex, predicate: () => boolean, milliseconds: number): boolean {
    const deadline = deadlineIn(milliseconds)
    while (!predicate()) if (!this.#sleep(mutex, deadline)) return predicate()
    return true
  }

  /** Wakes one waiter, if any. */
  notifyOne(): void {
    this.#notify(1)
  }

  /** Wakes all waiters. */
  notifyAll(): void {
    this.#notify(Infinity)
  }

  #sleep(mutex: Mutex, deadline: Deadline): boolean {
    // Both under the mutex: I1, I2.
    const sequence = Atomics.load(this.#words, this.#sequence)
    Atomics.add(this.#words, this.#waiting, 1)
    try {
      mutex.unlock()
    } catch (misuse) {
      Atomics.sub(this.#words, this.#waiting, 1)
      throw misuse
    }
    const woken = Atomics.wait(this.#words, this.#sequence, sequence, deadline.left()) !== 'timed-out'
    Atomics.sub(this.#words, this.#waiting, 1)
    mutex.lock()
    return woken
  }

  #notify(count: number): void {
    if (Atomics.load(this.#words, this.#waiting) === 0) return
    Atomics.add(this.#words, this.#sequence, 1)
    Atomics.notify(this.#words, this.#sequence, count)
  }
}
