import { makeKnown } from './copies.ts'
import { currentAgent } from './agent.ts'
import { NEVER, deadlineIn } from './deadline.ts'
import type { Deadline } from './deadline.ts'
import { NotOwnerError, RelockError } from './errors.ts'
import { checkFit } from './fit.ts'

const UNLOCKED = 0
const CONTENDED = 1

/**
 * A mutex over one word of shared memory: at most one agent is inside the critical section.
 *
 *   word                state       meaning
 *   0                   UNLOCKED    free
 *   agent << 1          LOCKED      held by that agent; no agent has asked to be woken
 *   agent << 1 | 1      CONTENDED   held by that agent; another agent may be asleep
 *
 * Invariants
 *   I1  Only the holder moves the word back to UNLOCKED.
 *   I2  While an agent sleeps, the word is CONTENDED or a wake-up is under way.
 *
 * The word names the holder, so that one load tells the owner and locking needs no second store. The mutex is not reentrant:
 * locking it twice is an error. It is not fair: a newcomer may overtake a woken sleeper. If a thread ends while it holds the
 * mutex, the mutex stays locked.
 *
 * An uncontended lock and an uncontended unlock cost one compare-and-swap each. `Atomics.notify` is called only if the word
 * was CONTENDED.
 *
 * After U. Drepper, "Futexes Are Tricky" (mutex3), with the owner in the word as in the Linux kernel's FUTEX_WAITERS | TID.
 *
 * @example
 * const mutex = new Mutex(new Int32Array(new SharedArrayBuffer(4 * Mutex.WORDS)), 0)
 * mutex.lock()
 * try {
 *   mutex.tryLock() // false: the mutex is held
 * } finally {
 *   mutex.unlock()
 * }
 * mutex.owner() // 0
 */
export class Mutex {
  /** How many words of shared memory a mutex takes. */
  static readonly WORDS = 1
  readonly #words: Int32Array
  readonly #at: number

  /**
   * Makes this agent's object for the mutex at `words[at]`; every agent makes one of its own. It writes nothing: a word of 0
   * is an unlocked mutex. Throws SyncRangeError unless `words` has `WORDS` words from index `at`.
   */
  constructor(words: Int32Array, at: number) {
    checkFit(words, at, Mutex.WORDS)
    this.#words = words
    this.#at = at
  }

  /** Waits until the mutex is free and locks it. Throws RelockError if the calling agent already holds it. */
  lock(): void {
    if (!this.tryLock()) this.#lockContended(NEVER)
  }

  /**
   * Locks the mutex if it is free; returns whether it did. Never waits, and returns false if the calling agent already holds the
   * mutex.
   */
  tryLock(): boolean {
    return Atomics.compareExchange(this.#words, this.#at, UNLOCKED, currentAgent() << 1) === UNLOCKED
  }

  /**
   * Waits at most `milliseconds` (0 to Infinity) until the mutex is free and locks it; returns false if the time ran out.
   * Throws SyncRangeError for any other value, and RelockError if the calling agent already holds the mutex.
   */
  tryLockFor(milliseconds: number): boolean {
    const deadline = deadlineIn(milliseconds)
    return this.tryLock() || this.#lockContended(deadline)
  }

  /** Unlocks the mutex and wakes one sleeping agent, if any. Throws NotOwnerError if the calling agent does not hold it. */
  unlock(): void {
    const mine = currentAgent() << 1
    if (Atomics.compareExchange(this.#words, this.#at, mine, UNLOCKED) === mine) return
    this.#unlockContended(mine)
  }

  /**
   * Calls `inside` with the mutex locked and returns its result. The mutex is unlocked even if `inside` throws. Throws
   * RelockError if the calling agent already holds the mutex.
   */
  holding<Result>(inside: () => Result): Result {
    this.lock()
    try {
      return inside()
    } finally {
      this.unlock()
    }
  }

  /** Returns the agent that holds the mutex, or 0 if it is free. The answer may be out of date when it is used. */
  owner(): number {
    return Atomics.load(this.#words, this.#at) >>> 1
  }

  #lockContended(deadline: Deadline): boolean {
    const mine = currentAgent() << 1
    for (;;) {
      // Locks it as CONTENDED, because an unlock removes the mark while another agent may still be asleep (I2).
      const seen = Atomics.compareExchange(this.#words, this.#at, UNLOCKED, mine | CONTENDED)
      if (seen === UNLOCKED) return true
      if (seen >>> 1 === mine >>> 1) throw new RelockError('mutex', mine >>> 1)
      const marked = seen | CONTENDED
      // If the holder changed after `seen` was read, the mark would name the wrong owner: the loop starts again.
      if (seen !== marked && Atomics.compareExchange(this.#words, this.#at, seen, marked) !== seen) continue
      const left = deadline.left()
      if (left === 0) return false
      // Sleeps only while the word is still `marked`, so that an unlock before the sleep is not missed.
      Atomics.wait(this.#words, this.#at, marked, left)
    }
  }

  #unlockContended(mine: number): void {
    const seen = Atomics.load(this.#words, this.#at)
    if (seen >>> 1 !== mine >>> 1) {
      throw new NotOwnerError(
        'mutex',
        mine >>> 1,
        seen === UNLOCKED ? 'no agent holds it' : `agent ${seen >>> 1} holds it`,
      )
    }
    // Only the holder leaves CONTENDED (I1), so the word cannot change before this store. The store removes the mark,
    // so the notify below must wake a sleeper.
    Atomics.store(this.#words, this.#at, UNLOCKED)
    Atomics.notify(this.#words, this.#at, 1)
  }
}

makeKnown('Mutex', Mutex, import.meta.url)
