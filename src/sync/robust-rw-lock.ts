import { FIRST_THREAD, currentAgent } from './agent.ts'
import { PATIENCE_MS, endedAgent, patience } from './attend.ts'
import { deadlineIn } from './deadline.ts'
import type { Deadline } from './deadline.ts'
import { LockBusyError, NotOwnerError, RelockError } from './errors.ts'
import { checkCount, checkFit, checkRepair } from './fit.ts'
import { ReaderWords } from './reader-words.ts'
import { RobustMutex } from './robust-mutex.ts'
import type { Repairing, Taken } from './robust-mutex.ts'

/**
 * A read-write lock that outlives its owners: one writer, or up to `readers` readers. If a writer dies inside, the next agent that comes
 * in, for reading or for writing, is told so and can repair the data. A reader that dies leaves them as they were. Writers do not starve:
 * while a writer waits for the readers inside, no new reader comes in.
 *
 *   mutex      a `RobustMutex`: held by the writer, and for a moment by a reader that had to wait for it
 *   written    1 while a writer is inside, or has died inside
 *   reader     one word for each agent that has read: agent << 1, + READS
 *
 * Invariants
 *   I1  A reader sets READS and then finds the mutex free and consistent, or sets READS while it holds the mutex. A writer holds the mutex
 *       and then looks at every reader's READS. So one of the two sees the other.
 *   I2  A reader that clears READS wakes the writer that may sleep on the reader's word.
 *   I3  From the time that a writer is inside until its unlock, or until the repair after its death, the mutex is not free and consistent,
 *       and no reader is inside.
 *   I4  A dead reader's word names it until the writer has been woken, so that a recovery that is cut short can be done again.
 *
 * `'owner-died'` always means that the caller is alone inside, also when it asked to read, so that it can repair the data. What the agent
 * unlocks then, with `readUnlock` or `writeUnlock`, is the whole lock. If it unlocks without having called `markConsistent`, the data are
 * lost: every agent gets NotRecoverableError.
 *
 * A dead agent is recovered by a thread that knows of its death from the exit event of its worker: `attend(worker, [lock])`, or `recover`.
 *
 * The lock has room for `readers` agents that have read. An agent gives its room back when it has ended and is recovered. The lock is
 * neither reentrant nor upgradable: to lock it again while inside is an error, for readers as well. Readers may starve while writers keep
 * coming.
 *
 * A reader's lock and unlock cost some eight atomic operations on its own word and the mutex; a writer's as many, and a look at each
 * reader's word. That is about twice the cost of `RwLock`.
 *
 * There is no robust read-write lock in POSIX; the rules are those of its robust mutex. That readers say in words of their own that they
 * are inside is after J.-T. Hsieh and W. Weihl, "Scalable Reader-Writer Locks for Parallel Systems" (1992).
 *
 * @example
 * const words = new Int32Array(new SharedArrayBuffer(4 * RobustRwLock.words(8)))
 * const lock = new RobustRwLock(words, 0, 8)
 * lock.readLock() // 'acquired'
 * lock.tryWriteLock() // false: a reader is inside
 * lock.readUnlock()
 * words[0] = 100 << 2 // as if thread 99 had locked for writing,
 * words[1] = 1 // and was killed inside
 * lock.recover(99)
 * let repairs = 0
 * lock.reading(() => repairs, { repair: () => repairs++ }) // 1
 * lock.reading(() => repairs, { repair: () => repairs++ }) // 1: it was repaired
 */
export class RobustRwLock {
  /** Returns how many words of shared memory a lock for `readers` readers takes. */
  static words(readers: number): number {
    return RobustMutex.WORDS + 1 + readers
  }

  /** For how many agents that read the lock has room. */
  readonly room: number
  readonly #words: Int32Array
  readonly #at: number
  readonly #mutex: RobustMutex
  readonly #written: number
  readonly #readers: ReaderWords

  /**
   * Makes this agent's object for the lock at `words[at]`; every agent makes one of its own, with the same number of readers: that of the
   * threads that may read, the dead ones included that are not recovered yet. It writes nothing: words of 0 are a free lock. Throws
   * SyncRangeError unless `words` has `RobustRwLock.words(readers)` words from index `at`, and `readers` is a whole number from 1 to
   * 2^31 − 1.
   */
  constructor(words: Int32Array, at: number, readers: number) {
    checkCount('The number of readers', readers)
    checkFit(words, at, RobustRwLock.words(readers))
    this.room = readers
    this.#words = words
    this.#at = at
    this.#mutex = new RobustMutex(words, at)
    this.#written = at + RobustMutex.WORDS
    this.#readers = new ReaderWords(words, this.#written + 1, readers)
  }

  /**
   * Waits until no writer is inside or waits for readers, and locks for reading. Returns `'owner-died'` if a writer died inside and no agent
   * has called `markConsistent` since; the caller is then alone inside, repairs the data, calls `markConsistent`, and goes on. Throws
   * RelockError if the calling agent is inside, TooManyReadersError, NotRecoverableError, and LockBusyError after a second if the calling
   * thread attends threads.
   */
  readLock(): Taken {
    const own = this.#readers.own()
    if (this.#comesInToRead(own)) return 'acquired'
    this.#refuseRelock()
    return this.#read(own, this.#mutex.lock())
  }

  /**
   * Locks for reading if no agent has locked for writing or is coming in; returns how, as `readLock` does, or false. Never waits, and
   * returns false if the calling agent is inside. Throws TooManyReadersError and NotRecoverableError.
   */
  tryReadLock(): Taken | false {
    const own = this.#readers.own()
    if (this.#readers.isInside(own)) return false
    if (this.#comesInToRead(own)) return 'acquired'
    const taken = this.#mutex.tryLock()
    return taken !== false && this.#read(own, taken)
  }

  /**
   * As `readLock`, but waits at most `milliseconds` (0 to Infinity), and returns false if the time ran out. With Infinity it is `readLock`.
   * Throws SyncRangeError for any other value, and as `readLock` does; LockBusyError only with Infinity.
   */
  tryReadLockFor(milliseconds: number): Taken | false {
    const deadline = deadlineIn(milliseconds)
    if (milliseconds === Infinity) return this.readLock()
    const own = this.#readers.own()
    if (this.#comesInToRead(own)) return 'acquired'
    this.#refuseRelock()
    const taken = this.#mutex.tryLockFor(deadline.left())
    return taken !== false && this.#read(own, taken)
  }

  /**
   * Unlocks after `readLock`, and wakes the agents that may now come in. If that returned `'owner-died'`, it is `writeUnlock`. Throws
   * NotOwnerError if the calling agent is not inside.
   */
  readUnlock(): void {
    const own = this.#readers.of(currentAgent())
    if (own === -1 || !this.#readers.isInside(own)) {
      this.#unlockAlone('read lock')
      return
    }
    this.#readers.leave(own)
    // A writer that takes the mutex after this look finds that the reader has left.
    if (!this.#isFree()) this.#readers.wake(own)
  }

  /**
   * Waits until no reader and no writer is inside, and locks for writing. New readers wait meanwhile. Returns `'owner-died'` if a writer
   * died inside and no agent has called `markConsistent` since; the caller then repairs the data, calls `markConsistent`, and goes on.
   * Throws RelockError if the calling agent is inside, NotRecoverableError, and LockBusyError if the calling thread attends threads and has
   * waited a second for a writer, or a second for readers.
   */
  writeLock(): Taken {
    const taken = this.#mutex.tryLock() || this.#lockContended()
    const entered = this.#enter(taken, deadlineIn(patience()))
    if (typeof entered === 'number') throw new LockBusyError(entered - FIRST_THREAD, PATIENCE_MS)
    return entered
  }

  /**
   * Locks for writing if no agent is inside or is coming in; returns how, as `writeLock` does, or false. Never waits, and returns false if
   * the calling agent is inside. Throws NotRecoverableError.
   */
  tryWriteLock(): Taken | false {
    const taken = this.#mutex.tryLock()
    if (taken === false) return false
    const entered = this.#enter(taken, deadlineIn(0))
    return typeof entered === 'string' && entered
  }

  /**
   * As `writeLock`, but waits at most `milliseconds` (0 to Infinity), and returns false if the time ran out. With Infinity it is
   * `writeLock`. Throws SyncRangeError for any other value, and as `writeLock` does; LockBusyError only with Infinity.
   */
  tryWriteLockFor(milliseconds: number): Taken | false {
    const deadline = deadlineIn(milliseconds)
    if (milliseconds === Infinity) return this.writeLock()
    this.#refuseRelock()
    const taken = this.#mutex.tryLockFor(deadline.left())
    if (taken === false) return false
    const entered = this.#enter(taken, deadline)
    return typeof entered === 'string' && entered
  }

  /**
   * Unlocks after writing, and wakes the agents that may now come in. If the caller was told that a writer had died, and has not called
   * `markConsistent`, the data are lost: all agents that wait and all that come get NotRecoverableError. Throws NotOwnerError if the calling
   * agent is not the writer.
   */
  writeUnlock(): void {
    this.#unlockAlone('write lock')
  }

  /**
   * Says that the data are consistent again, after `'owner-died'`. It does nothing if they are. Throws NotOwnerError if the calling agent is
   * not alone inside.
   */
  markConsistent(): void {
    const agent = currentAgent()
    if (this.writer() !== agent) throw new NotOwnerError('read-write lock', agent, this.#holder(), 'repair')
    this.#mutex.markConsistent()
  }

  /**
   * Calls `inside` with the lock held for reading and returns its result. If a writer died inside, the caller is alone inside, and `repair`
   * is called first, as by `writing`. The lock is released even if `inside` throws. Throws as `readLock` does, and SyncRangeError unless
   * `repair` is a function.
   */
  reading<Result>(inside: () => Result, { repair }: Repairing): Result {
    checkRepair(repair)
    const taken = this.readLock()
    try {
      if (taken === 'owner-died') this.#mend(repair)
      return inside()
    } finally {
      this.readUnlock()
    }
  }

  /**
   * Calls `inside` with the lock held for writing and returns its result. If a writer died inside, `repair` is called first, and the data
   * count as consistent when it returns; if it throws, they are lost, and all agents get NotRecoverableError. The lock is released even if
   * `inside` throws. Throws as `writeLock` does, and SyncRangeError unless `repair` is a function.
   */
  writing<Result>(inside: () => Result, { repair }: Repairing): Result {
    checkRepair(repair)
    const taken = this.writeLock()
    try {
      if (taken === 'owner-died') this.#mend(repair)
      return inside()
    } finally {
      this.writeUnlock()
    }
  }

  /**
   * Frees the lock from a thread that has ended, and has the next agent told if the thread was the writer inside. It must be called for
   * each thread that has ended, whether it was inside or not: the thread may have been about to wake another one. `attend` does that. The
   * caller must know that the thread has ended from its exit event or from its pool. To call it again is harmless, also after a call that
   * was cut short. Throws ThreadError for the calling thread, and for a thread that this thread attends and that has not exited.
   */
  recover(threadId: number): void {
    const dead = endedAgent(threadId)
    this.#mutex.recover(threadId)
    this.#readers.recover(dead)
  }

  /** Returns the agent that is alone inside, or 0 if there is none. The answer may be out of date when it is used. */
  writer(): number {
    return Atomics.load(this.#words, this.#written) === 0 ? 0 : this.#mutex.owner()
  }

  /** Returns how many readers are inside, or look whether they may come in. The answer may be out of date when it is used. */
  readers(): number {
    return this.#readers.count()
  }

  /** Comes in for reading if the mutex is free and consistent; returns whether it did. Throws RelockError if the agent reads already. */
  #comesInToRead(own: number): boolean {
    if (this.#readers.isInside(own)) throw new RelockError('read-write lock', currentAgent())
    // Before the look at the mutex (I1).
    this.#readers.enter(own)
    if (this.#isFree()) return true
    this.#readers.leave(own)
    this.#readers.wake(own)
    return false
  }

  /** Goes on reading with the mutex held. */
  #read(own: number, taken: Taken): Taken {
    if (this.#isTold(taken)) return 'owner-died'
    // Before the unlock (I1).
    this.#readers.enter(own)
    this.#mutex.unlock()
    return 'acquired'
  }

  #lockContended(): Taken {
    this.#refuseRelock()
    return this.#mutex.lock()
  }

  /**
   * Goes on writing with the mutex held. Returns how it came in, or else, with the mutex unlocked, the reader that was still inside when the
   * time ran out.
   */
  #enter(taken: Taken, deadline: Deadline): Taken | number {
    // Then no reader is inside (I3).
    if (this.#isTold(taken)) return 'owner-died'
    let reader = -1
    try {
      reader = this.#readers.waitForAll(deadline, () => this.#refuseRelock())
    } finally {
      if (reader !== 0) this.#mutex.unlock()
    }
    if (reader !== 0) return reader
    Atomics.store(this.#words, this.#written, 1)
    return 'acquired'
  }

  /**
   * With the mutex held: whether a writer died inside. The mutex also tells of an agent that died while it was coming in or had left, when
   * the data are consistent.
   */
  #isTold(taken: Taken): boolean {
    if (taken === 'acquired') return false
    if (Atomics.load(this.#words, this.#written) !== 0) return true
    this.#mutex.markConsistent()
    return false
  }

  #mend(repair: () => void): void {
    repair()
    this.markConsistent()
  }

  #unlockAlone(side: string): void {
    if (this.writer() !== currentAgent()) throw new NotOwnerError(side, currentAgent(), this.#holder())
    // If the data are lost, `written` stays 1 until the unlock has made the mutex not recoverable.
    if (this.#mutex.isConsistent()) Atomics.store(this.#words, this.#written, 0)
    this.#mutex.unlock()
  }

  #refuseRelock(): void {
    const agent = currentAgent()
    const own = this.#readers.of(agent)
    if (this.writer() === agent || (own !== -1 && this.#readers.isInside(own)))
      throw new RelockError('read-write lock', agent)
  }

  /** Whether the mutex is free and its data consistent. */
  #isFree(): boolean {
    return Atomics.load(this.#words, this.#at) === 0
  }

  #holder(): string {
    if (this.writer() !== 0) return `agent ${this.writer()} is alone inside`
    return this.readers() > 0 ? 'readers hold the lock' : 'no agent holds it'
  }
}
