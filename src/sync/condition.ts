import { makeKnown } from './copies.ts'
import { NEVER, deadlineIn } from './deadline.ts'
import type { Deadline } from './deadline.ts'
import { checkFit } from './fit.ts'
import type { Mutex } from './mutex.ts'

/**
 * A condition variable over two words of shared memory: an agent waits, under a mutex, until another agent says that something
 * has changed. No wake-up is lost: if a notification comes after the waiter unlocked the mutex, the waiter does not sleep on,
 * even if it had not fallen asleep yet.
 *
 *   sequence   grows with every notification; a waiter sleeps only while it has the value that it had under the mutex
 *   waiting    the number of agents that wait
 *
 * Invariants
 *   I1  A waiter reads the sequence while it holds the mutex. A change that another agent makes under the mutex comes later,
 *       and so does that agent's increment of the sequence: the waiter's sleep does not begin or ends.
 *   I2  A waiter counts itself in `waiting` while it holds the mutex, so that an agent that notifies after a later change sees
 *       it.
 *
 * A wait may end without a notification for this waiter: use `waitUntil`, or wait in a loop. Notify after the change; the
 * notifying agent may hold the mutex or not. If exactly a multiple of 2^32 notifications come before a waiter falls asleep, the
 * waiter misses them.
 *
 * A notification costs one atomic load if no agent waits.
 *
 * After M. Bos, "Rust Atomics and Locks", chapter 9.
 *
 * @example
 * const words = new Int32Array(new SharedArrayBuffer(4 * (Mutex.WORDS + Condition.WORDS)))
 * const mutex = new Mutex(words, 0)
 * const filled = new Condition(words, Mutex.WORDS)
 * mutex.lock()
 * filled.waitUntilFor(mutex, () => false, 1) // false: no agent made the predicate true within a millisecond
 * mutex.unlock()
 */
export class Condition {
  /** How many words of shared memory a condition takes. */
  static readonly WORDS = 2
  readonly #words: Int32Array
  readonly #sequence: number
  readonly #waiting: number

  /**
   * Makes this agent's object for the condition at `words[at]`; every agent makes one of its own. It writes nothing: words of 0
   * are a condition that no agent waits for. Throws SyncRangeError unless `words` has `WORDS` words from index `at`.
   */
  constructor(words: Int32Array, at: number) {
    checkFit(words, at, Condition.WORDS)
    this.#words = words
    this.#sequence = at
    this.#waiting = at + 1
  }

  /**
   * Unlocks the mutex, sleeps until a notification, and locks the mutex again. It may return without a notification. Throws
   * NotOwnerError if the calling agent does not hold the mutex.
   */
  wait(mutex: Mutex): void {
    this.#sleep(mutex, NEVER)
  }

  /**
   * Unlocks the mutex, sleeps until a notification but at most `milliseconds` (0 to Infinity), and locks the mutex again;
   * returns false if the time ran out. Locking again may take longer. Throws NotOwnerError if the calling agent does not hold
   * the mutex, and SyncRangeError for any other value.
   */
  waitFor(mutex: Mutex, milliseconds: number): boolean {
    return this.#sleep(mutex, deadlineIn(milliseconds))
  }

  /**
   * Waits until the predicate returns true. The predicate is called with the mutex held, for the first time before any sleep;
   * if it throws, the mutex is held. Throws NotOwnerError if the calling agent would have to wait and does not hold the mutex.
   */
  waitUntil(mutex: Mutex, predicate: () => boolean): void {
    while (!predicate()) this.wait(mutex)
  }

  /**
   * Waits until the predicate returns true, but at most `milliseconds` (0 to Infinity); returns what the predicate returned
   * last. The predicate is called as by `waitUntil`. Throws SyncRangeError for any other value, and NotOwnerError if the calling
   * agent would have to wait and does not hold the mutex.
   */
  waitUntilFor(mutex: Mutex, predicate: () => boolean, milliseconds: number): boolean {
    const deadline = deadlineIn(milliseconds)
    while (!predicate()) if (!this.#sleep(mutex, deadline)) return predicate()
    return true
  }

  /** Wakes one waiting agent, if any. */
  notifyOne(): void {
    this.#notify(1)
  }

  /** Wakes all waiting agents. */
  notifyAll(): void {
    this.#notify(Infinity)
  }

  #sleep(mutex: Mutex, deadline: Deadline): boolean {
    // Both steps must come before the mutex is unlocked (I1, I2).
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

makeKnown('Condition', Condition, import.meta.url)
