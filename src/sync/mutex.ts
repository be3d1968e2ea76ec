/**
 * Mutex: at most one agent is inside the critical section.
 *
 *   word                state       meaning
 *   0                   UNLOCKED    free
 *   agent << 1          LOCKED      held by that agent; nobody asked to be woken
 *   agent << 1 | 1      CONTENDED   held by that agent; somebody may be asleep
 *
 * Invariants
 *   I1  Only the holder moves the word back to UNLOCKED.
 *   I2  While an agent sleeps, the word is CONTENDED or a wake-up is under way.
 *
 * Who holds it is in the word that decides it, so that a look at one word tells the owner and no second store is paid for.
 * Not reentrant: locking twice is an error. Not fair: a newcomer may overtake a woken sleeper. Uncontended, lock and unlock
 * are one compare-and-swap each.
 *
 * After U. Drepper, "Futexes Are Tricky" (mutex3), with the owner in the word as in the kernel's FUTEX_WAITERS | TID.
 *
 * @example
 * const mutex = new Mutex(new Int32Array(new SharedArrayBuffer(4 * Mutex.WORDS)), 0)
 * mutex.lock()
 * try {
 *   // at most one agent is here
 * } finally {
 *   mutex.unlock()
 * }
 */
import { currentAgent } from './agent.ts'
import { type Deadline, NEVER, deadlineIn } from './deadline.ts'
import { NotOwnerError, RelockError } from './errors.ts'
import { checkFit } from './fit.ts'

const UNLOCKED = 0
const CONTENDED = 1

export class Mutex {
  static readonly WORDS = 1
  readonly #words: Int32Array
  readonly #at: number

  constructor(words: Int32Array, at: number) {
    checkFit(words, at, Mutex.WORDS)
    this.#words = words
    this.#at = at
  }

  /** Waits until it is free and takes it. Throws RelockError when the agent holds it already. */
  lock(): void {
    if (!this.tryLock()) this.#lockContended(NEVER)
  }

  /** Takes it if it is free; says whether. Never waits. */
  tryLock(): boolean {
    return Atomics.compareExchange(this.#words, this.#at, UNLOCKED, currentAgent() << 1) === UNLOCKED
  }

  /** Waits at most so many milliseconds; says whether it was taken. Throws RelockError as `lock` does. */
  tryLockFor(milliseconds: number): boolean {
    const deadline = deadlineIn(milliseconds)
    return this.tryLock() || this.#lockContended(deadline)
  }

  /** Gives it back and wakes one sleeper, if any. Throws NotOwnerError when another agent, or nobody, holds it. */
  unlock(): void {
    const mine = currentAgent() << 1
    if (Atomics.compareExchange(this.#words, this.#at, mine, UNLOCKED) === mine) return
    this.#unlockContended(mine)
  }

  /** Locks, calls, and unlocks whatever happens; returns what the function returned. */
  holding<Result>(inside: () => Result): Result {
    this.lock()
    try {
      return inside()
    } finally {
      this.unlock()
    }
  }

  /** The agent that holds it, or 0. True when read; it may have changed since. */
  owner(): number {
    return Atomics.load(this.#words, this.#at) >>> 1
  }

  #lockContended(deadline: Deadline): boolean {
    const mine = currentAgent() << 1
    for (;;) {
      // Taken as CONTENDED, for whoever sleeps beside us has no other mark left: unlocking took it off (I2).
      const seen = Atomics.compareExchange(this.#words, this.#at, UNLOCKED, mine | CONTENDED)
      if (seen === UNLOCKED) return true
      if (seen >>> 1 === mine >>> 1) throw new RelockError('mutex', mine >>> 1)
      const marked = seen | CONTENDED
      // If the holder changed since it was seen, the mark would be on the wrong word: look again.
      if (seen !== marked && Atomics.compareExchange(this.#words, this.#at, seen, marked) !== seen) continue
      const left = deadline.left()
      if (left === 0) return false
      // Sleeps only while the marked word stands, so that an unlock in between is not missed.
      Atomics.wait(this.#words, this.#at, marked, left)
    }
  }

  #unlockContended(mine: number): void {
    const seen = Atomics.load(this.#words, this.#at)
    if (seen >>> 1 !== mine >>> 1) {
      throw new NotOwnerError(
        'mutex',
        mine >>> 1,
        seen === UNLOCKED ? 'nobody holds it' : `agent ${seen >>> 1} holds it`,
      )
    }
    // Only the holder leaves CONTENDED (I1), so this store overwrites nobody's mark but the one it honours.
    Atomics.store(this.#words, this.#at, UNLOCKED)
    Atomics.notify(this.#words, this.#at, 1)
  }
}
