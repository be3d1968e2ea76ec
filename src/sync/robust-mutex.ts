import { FIRST_THREAD, currentAgent } from './agent.ts'
import { PATIENCE_MS, endedAgent, patience } from './attend.ts'
import { deadlineIn } from './deadline.ts'
import type { Deadline } from './deadline.ts'
import { LockBusyError, NotOwnerError, NotRecoverableError, RelockError } from './errors.ts'
import { checkFit, checkRepair } from './fit.ts'

const UNLOCKED = 0
const CONTENDED = 1
const INCONSISTENT = 2
/** No agent holds it, and yet it is marked: no other step makes this value. */
const NOT_RECOVERABLE = INCONSISTENT | CONTENDED
/** The agent stands above the two marks. */
const AGENT = 2

/** How a robust lock was taken. After `owner-died`, the caller is alone inside, and the data may be half changed. */
export type Taken = 'acquired' | 'owner-died'

/** What is called, with the lock held and no other agent inside, before anything else if the last owner died inside. */
export interface Repairing {
  /** Makes the data consistent, from any state in which an agent can have left them. */
  readonly repair: () => void
}

/**
 * A mutex over one word of shared memory that outlives its owners: at most one agent is inside the critical section, and if an agent dies
 * inside, the next owner is told so and can repair the data.
 *
 *   word                       state             meaning
 *   0                          UNLOCKED          free
 *   agent << 2                 LOCKED            held by that agent
 *   + 1                        CONTENDED         another agent may be asleep
 *   + 2                        INCONSISTENT      an owner died inside, and no owner has said since that the data are consistent
 *   2                          INCONSISTENT      the same, and free
 *   3                          NOT_RECOVERABLE   an owner was told, and unlocked without `markConsistent`; it stays so
 *
 * Invariants
 *   I1  Only the holder, or a recovery of the holder when that is dead, frees the word.
 *   I2  While an agent sleeps, the word is CONTENDED, or a wake-up is under way, or the agent that has to wake it is dead and not yet
 *       recovered.
 *   I3  INCONSISTENT is set only by a recovery, and cleared only by a holder that calls `markConsistent`.
 *
 * A dead agent is recovered by a thread that knows of its death from the exit event of its worker: `attend(worker, [mutex])`, or
 * `recover`. Until then the others wait; from then on no agent waits for the dead one.
 *
 * The mutex is not reentrant and not fair, as `Mutex`. Its one word and its costs are the same, too: an uncontended lock and an uncontended
 * unlock take one compare-and-swap each.
 *
 * After POSIX.1-2008, pthread_mutex_consistent: EOWNERDEAD is `'owner-died'`, ENOTRECOVERABLE is NotRecoverableError. Here a call of
 * `markConsistent` on consistent data is no error, so that a caller may always repair. The word is after U. Drepper, "Futexes Are Tricky"
 * (mutex3), and the Linux kernel's FUTEX_OWNER_DIED.
 *
 * @example
 * const words = new Int32Array(new SharedArrayBuffer(4 * (RobustMutex.WORDS + 2)))
 * const mutex = new RobustMutex(words, 0)
 * // Two counts that are always equal, unless an agent dies between its writes.
 * const count = () => (words[1]++, words[2]++)
 * const repair = () => (words[2] = words[1])
 * mutex.holding(count, { repair })
 * words[0] = 100 << 2 // as if thread 99 had locked the mutex,
 * words[1]++ // and was killed between the two
 * mutex.recover(99)
 * mutex.holding(count, { repair })
 * words[2] // 3
 */
export class RobustMutex {
  /** How many words of shared memory a robust mutex takes. */
  static readonly WORDS = 1
  readonly #words: Int32Array
  readonly #at: number

  /**
   * Makes this agent's object for the mutex at `words[at]`; every agent makes one of its own. It writes nothing: a word of 0 is an
   * unlocked mutex. Throws SyncRangeError unless `words` has `WORDS` words from index `at`.
   */
  constructor(words: Int32Array, at: number) {
    checkFit(words, at, RobustMutex.WORDS)
    this.#words = words
    this.#at = at
  }

  /**
   * Waits until the mutex is free and locks it. Returns `'owner-died'` if an owner died inside and no owner has called `markConsistent`
   * since; the caller then repairs the data, calls `markConsistent`, and goes on. Throws RelockError if the calling agent already holds the
   * mutex, NotRecoverableError, and LockBusyError after a second if the calling thread attends threads.
   */
  lock(): Taken {
    if (this.#isTakenAtOnce()) return 'acquired'
    const taken = this.#lockContended(deadlineIn(patience()))
    if (typeof taken === 'number') throw new LockBusyError(taken - FIRST_THREAD, PATIENCE_MS)
    return taken
  }

  /**
   * Locks the mutex if it is free, and returns how, as `lock` does; returns false if it is held, by the calling agent or by another one.
   * Never waits. Throws NotRecoverableError.
   */
  tryLock(): Taken | false {
    if (this.#isTakenAtOnce()) return 'acquired'
    let seen = Atomics.load(this.#words, this.#at)
    while (seen >>> AGENT === 0) {
      if (seen === NOT_RECOVERABLE) throw new NotRecoverableError()
      const before = Atomics.compareExchange(this.#words, this.#at, seen, (currentAgent() << AGENT) | seen)
      if (before === seen) return howTaken(seen)
      seen = before
    }
    return false
  }

  /**
   * Waits at most `milliseconds` (0 to Infinity) until the mutex is free and locks it; returns how, as `lock` does, or false if the time
   * ran out. With Infinity it is `lock`. Throws SyncRangeError for any other value, RelockError if the calling agent already holds the
   * mutex, and NotRecoverableError.
   */
  tryLockFor(milliseconds: number): Taken | false {
    const deadline = deadlineIn(milliseconds)
    if (milliseconds === Infinity) return this.lock()
    if (this.#isTakenAtOnce()) return 'acquired'
    const taken = this.#lockContended(deadline)
    return typeof taken === 'string' && taken
  }

  /**
   * Says that the data are consistent again, after `'owner-died'`: the unlock then frees the mutex for all. It does nothing if they are.
   * Throws NotOwnerError if the calling agent does not hold the mutex.
   */
  markConsistent(): void {
    const agent = currentAgent()
    if (this.owner() !== agent) throw new NotOwnerError('mutex', agent, this.#holder(), 'repair')
    // Other agents may set CONTENDED at any time, so the mark is cleared in one step with the rest kept.
    Atomics.and(this.#words, this.#at, ~INCONSISTENT)
  }

  /**
   * Unlocks the mutex and wakes one sleeping agent, if any. If the caller was told that the last owner had died, and has not called
   * `markConsistent`, the data are lost: all agents that wait and all that come get NotRecoverableError. Throws NotOwnerError if the
   * calling agent does not hold the mutex.
   */
  unlock(): void {
    const mine = currentAgent() << AGENT
    if (Atomics.compareExchange(this.#words, this.#at, mine, UNLOCKED) === mine) return
    this.#unlockMarked(mine)
  }

  /**
   * Calls `inside` with the mutex locked and returns its result. If an owner died inside, `repair` is called first, and the data count as
   * consistent when it returns; if it throws, they are lost, and all agents get NotRecoverableError. The mutex is unlocked even if `inside`
   * throws. Throws as `lock` does, and SyncRangeError unless `repair` is a function.
   */
  holding<Result>(inside: () => Result, { repair }: Repairing): Result {
    checkRepair(repair)
    const taken = this.lock()
    try {
      if (taken === 'owner-died') {
        repair()
        this.markConsistent()
      }
      return inside()
    } finally {
      this.unlock()
    }
  }

  /**
   * Frees the mutex if a thread holds it that has ended, and has the next owner told. It must be called for each thread that has ended,
   * whether it held the mutex or not: the thread may have been about to wake another one. `attend` does that. The caller must know that
   * the thread has ended from its exit event or from its pool. To call it again is harmless, also after a call that was cut short. Throws
   * ThreadError for the calling thread, and for a thread that this thread attends and that has not exited.
   */
  recover(threadId: number): void {
    const dead = endedAgent(threadId)
    let seen = Atomics.load(this.#words, this.#at)
    while (seen >>> AGENT === dead) {
      const before = Atomics.compareExchange(this.#words, this.#at, seen, INCONSISTENT)
      if (before === seen) break
      seen = before
    }
    // In any case (I2): the dead agent may have unlocked without waking, or have been woken without locking. All, because the word no
    // longer says that an agent sleeps; who wakes and finds the mutex held marks it again.
    Atomics.notify(this.#words, this.#at)
  }

  /** Returns the agent that holds the mutex, or 0 if it is free. The answer may be out of date when it is used. */
  owner(): number {
    return Atomics.load(this.#words, this.#at) >>> AGENT
  }

  /**
   * Returns whether the data are consistent: false after the death of an owner inside was recovered, until `markConsistent`. The answer
   * may be out of date when it is used, unless the calling agent holds the mutex.
   */
  isConsistent(): boolean {
    return (Atomics.load(this.#words, this.#at) & INCONSISTENT) === 0
  }

  #isTakenAtOnce(): boolean {
    return Atomics.compareExchange(this.#words, this.#at, UNLOCKED, currentAgent() << AGENT) === UNLOCKED
  }

  /** Returns how the mutex was taken, or the agent that held it when the time ran out. */
  #lockContended(deadline: Deadline): Taken | number {
    const mine = currentAgent()
    for (;;) {
      const seen = Atomics.load(this.#words, this.#at)
      if (seen === NOT_RECOVERABLE) throw new NotRecoverableError()
      const owner = seen >>> AGENT
      if (owner === mine) throw new RelockError('mutex', mine)
      // Locks it as CONTENDED, because an unlock removes the mark while another agent may still be asleep (I2).
      const marked = seen | CONTENDED | (owner === 0 ? mine << AGENT : 0)
      // If the word changed after it was read, the mark would name the wrong owner: the loop starts again.
      if (seen !== marked && Atomics.compareExchange(this.#words, this.#at, seen, marked) !== seen) continue
      if (owner === 0) return howTaken(seen)
      const left = deadline.left()
      if (left === 0) return owner
      // Sleeps only while the word is still `marked`, so that an unlock or a recovery before the sleep is not missed.
      Atomics.wait(this.#words, this.#at, marked, left)
    }
  }

  #unlockMarked(mine: number): void {
    const seen = Atomics.load(this.#words, this.#at)
    if (seen >>> AGENT !== mine >>> AGENT) throw new NotOwnerError('mutex', mine >>> AGENT, this.#holder())
    // Only the holder frees the word (I1), and only a recovery sets INCONSISTENT (I3).
    const isLost = (seen & INCONSISTENT) !== 0
    Atomics.store(this.#words, this.#at, isLost ? NOT_RECOVERABLE : UNLOCKED)
    // A lost mutex is not handed on from one sleeper to the next, so all of them must be woken now.
    Atomics.notify(this.#words, this.#at, isLost ? Infinity : 1)
  }

  #holder(): string {
    const owner = this.owner()
    return owner === 0 ? 'no agent holds it' : `agent ${owner} holds it`
  }
}

function howTaken(seen: number): Taken {
  return (seen & INCONSISTENT) === 0 ? 'acquired' : 'owner-died'
}
