import { makeKnown } from './copies.ts'
import { currentAgent } from './agent.ts'
import { NEVER, deadlineIn } from './deadline.ts'
import type { Deadline } from './deadline.ts'
import { NotOwnerError, RelockError } from './errors.ts'
import { checkFit } from './fit.ts'

const FREE = 0
const READERS_WAIT = 1
const WRITTEN = 2
const WRITER = 4
const WRITERS = 0x3ff * WRITER
const READER = 0x1000
const READERS = ~(READER - 1)
/** While one of these bits is set, no reader comes in. */
const BARS_READERS = WRITTEN | WRITERS
/** While one of these bits is set, no writer comes in. */
const BARS_WRITERS = WRITTEN | READERS

/**
 * A read-write lock over three words of shared memory: one writer, or any number of readers. Writers do not starve: while a
 * writer waits, no new reader comes in.
 *
 *   state, from the low bit
 *     READERS_WAIT    1 bit     a reader may be asleep on the state
 *     WRITTEN         1 bit     a writer is inside
 *     writers        10 bits    the number of writers that wait
 *     readers        20 bits    the number of readers inside
 *   wake-ups          counts the wake-ups of writers; a writer sleeps only while the count is unchanged
 *   owner             the agent of the writer inside, to detect misuse
 *
 * Invariants
 *   I1  While WRITTEN is set no reader is inside, and while a reader is inside WRITTEN is not set.
 *   I2  A reader comes in only while no writer is inside or waits. A waiting writer is counted until it is inside or gives up,
 *       so that no reader comes in between the writer's wake-up and its turn.
 *   I3  An agent that leaves the lock empty wakes a writer, if one waits. An agent that leaves it with no writer inside or
 *       waiting clears READERS_WAIT and wakes the readers.
 *
 * The lock is neither reentrant nor upgradable: an agent must not lock it while it is inside. For a writer that is an error.
 * Readers are counted, not known, so a reader that locks again is not detected and may deadlock, and `readUnlock` by an agent
 * that is not inside is detected only if no reader is. Readers may starve while writers keep coming. At most 1,023 writers may
 * wait and 524,287 readers may be inside at once; the lock does not check these limits. If a thread ends while it is inside,
 * the lock stays held.
 *
 * An uncontended lock or unlock costs two or three atomic operations. Readers change one word, so they slow each other down.
 *
 * After M. Bos, "Rust Atomics and Locks", chapter 9. The count of waiting writers is an addition.
 *
 * @example
 * const lock = new RwLock(new Int32Array(new SharedArrayBuffer(4 * RwLock.WORDS)), 0)
 * lock.readLock()
 * lock.tryReadLock() // true: readers do not exclude each other
 * lock.tryWriteLock() // false: a reader is inside
 * lock.readUnlock()
 * lock.readUnlock()
 * lock.writing(() => lock.tryReadLock()) // false: a writer is inside
 */
export class RwLock {
  /** How many words of shared memory a read-write lock takes. */
  static readonly WORDS = 3
  readonly #words: Int32Array
  readonly #state: number
  readonly #wakeUps: number
  readonly #owner: number

  /**
   * Makes this agent's object for the lock at `words[at]`; every agent makes one of its own. It writes nothing: words of 0 are
   * a free lock. Throws SyncRangeError unless `words` has `WORDS` words from index `at`.
   */
  constructor(words: Int32Array, at: number) {
    checkFit(words, at, RwLock.WORDS)
    this.#words = words
    this.#state = at
    this.#wakeUps = at + 1
    this.#owner = at + 2
  }

  /**
   * Waits until no writer is inside or waiting, and locks for reading. Throws RelockError if the calling agent is the writer.
   */
  readLock(): void {
    if (!this.tryReadLock()) this.#readContended(NEVER)
  }

  /** Locks for reading if no writer is inside or waiting; returns whether it did. Never waits. */
  tryReadLock(): boolean {
    let seen = Atomics.load(this.#words, this.#state)
    while ((seen & BARS_READERS) === 0) {
      const before = Atomics.compareExchange(this.#words, this.#state, seen, seen + READER)
      if (before === seen) return true
      seen = before
    }
    return false
  }

  /**
   * Waits at most `milliseconds` (0 to Infinity) until no writer is inside or waiting, and locks for reading; returns false if
   * the time ran out. Throws SyncRangeError for any other value, and RelockError if the calling agent is the writer.
   */
  tryReadLockFor(milliseconds: number): boolean {
    const deadline = deadlineIn(milliseconds)
    return this.tryReadLock() || this.#readContended(deadline)
  }

  /** Unlocks after reading, and wakes the agents that may now come in. Throws NotOwnerError if no reader is inside. */
  readUnlock(): void {
    let seen = Atomics.load(this.#words, this.#state)
    for (;;) {
      if ((seen & READERS) === 0) throw new NotOwnerError('read lock', currentAgent(), this.#holder())
      const before = Atomics.compareExchange(this.#words, this.#state, seen, seen - READER)
      if (before === seen) break
      seen = before
    }
    this.#wake(seen - READER)
  }

  /**
   * Waits until no reader and no writer is inside, and locks for writing. New readers wait meanwhile. Throws RelockError if the
   * calling agent already is the writer.
   */
  writeLock(): void {
    if (!this.tryWriteLock()) this.#writeContended(NEVER)
  }

  /**
   * Locks for writing if no agent is inside or waits; returns whether it did. Never waits.
   */
  tryWriteLock(): boolean {
    if (Atomics.compareExchange(this.#words, this.#state, FREE, WRITTEN) !== FREE) return false
    Atomics.store(this.#words, this.#owner, currentAgent())
    return true
  }

  /**
   * Waits at most `milliseconds` (0 to Infinity) until no reader and no writer is inside, and locks for writing; returns false
   * if the time ran out. Throws SyncRangeError for any other value, and RelockError if the calling agent already is the writer.
   */
  tryWriteLockFor(milliseconds: number): boolean {
    const deadline = deadlineIn(milliseconds)
    return this.tryWriteLock() || this.#writeContended(deadline)
  }

  /**
   * Unlocks after writing, and wakes the agents that may now come in. Throws NotOwnerError if the calling agent is not the
   * writer.
   */
  writeUnlock(): void {
    if (this.writer() !== currentAgent()) throw new NotOwnerError('write lock', currentAgent(), this.#holder())
    Atomics.store(this.#words, this.#owner, 0)
    this.#wake(Atomics.sub(this.#words, this.#state, WRITTEN) - WRITTEN)
  }

  /**
   * Calls `inside` with the lock held for reading and returns its result. The lock is released even if `inside` throws. Throws
   * RelockError if the calling agent is the writer.
   */
  reading<Result>(inside: () => Result): Result {
    this.readLock()
    try {
      return inside()
    } finally {
      this.readUnlock()
    }
  }

  /**
   * Calls `inside` with the lock held for writing and returns its result. The lock is released even if `inside` throws. Throws
   * RelockError if the calling agent already is the writer.
   */
  writing<Result>(inside: () => Result): Result {
    this.writeLock()
    try {
      return inside()
    } finally {
      this.writeUnlock()
    }
  }

  /** Returns the agent that is the writer, or 0 if there is none. The answer may be out of date when it is used. */
  writer(): number {
    return Atomics.load(this.#words, this.#owner)
  }

  /** Returns how many readers are inside. The answer may be out of date when it is used. */
  readers(): number {
    return Math.floor(Atomics.load(this.#words, this.#state) / READER)
  }

  #readContended(deadline: Deadline): boolean {
    this.#refuseRelock()
    for (;;) {
      if (this.tryReadLock()) return true
      const seen = Atomics.load(this.#words, this.#state)
      if ((seen & BARS_READERS) === 0) continue
      const marked = seen | READERS_WAIT
      if (marked !== seen && Atomics.compareExchange(this.#words, this.#state, seen, marked) !== seen) continue
      const left = deadline.left()
      if (left === 0) return false
      // Sleeps only while the state is still `marked`. Every step that lets readers in changes the state.
      Atomics.wait(this.#words, this.#state, marked, left)
    }
  }

  #writeContended(deadline: Deadline): boolean {
    this.#refuseRelock()
    // From here on no new reader comes in (I2).
    Atomics.add(this.#words, this.#state, WRITER)
    for (;;) {
      // The count is read before the state. If an agent leaves after the state was read, its wake-up changes the count, so
      // that the sleep below does not begin or ends.
      const wakeUps = Atomics.load(this.#words, this.#wakeUps)
      if (this.#enterAsWriter()) return true
      const left = deadline.left()
      if (left === 0) return this.#giveUp()
      Atomics.wait(this.#words, this.#wakeUps, wakeUps, left)
    }
  }

  /** Moves this writer from waiting to inside in one step, if no agent is inside; returns whether it did. */
  #enterAsWriter(): boolean {
    let seen = Atomics.load(this.#words, this.#state)
    while ((seen & BARS_WRITERS) === 0) {
      const before = Atomics.compareExchange(this.#words, this.#state, seen, seen - WRITER + WRITTEN)
      if (before === seen) {
        Atomics.store(this.#words, this.#owner, currentAgent())
        return true
      }
      seen = before
    }
    return false
  }

  #giveUp(): false {
    // This writer may have been the only one that kept readers out, or it may have used up the wake-up of another writer.
    this.#wake(Atomics.sub(this.#words, this.#state, WRITER) - WRITER)
    return false
  }

  /** Wakes the agents that may come in, where `state` is what the caller left behind (I3). */
  #wake(state: number): void {
    if ((state & WRITERS) !== 0) {
      if ((state & BARS_WRITERS) !== 0) return
      Atomics.add(this.#words, this.#wakeUps, 1)
      Atomics.notify(this.#words, this.#wakeUps, 1)
    } else if ((state & READERS_WAIT) !== 0 && (state & WRITTEN) === 0) {
      // A reader that marked the state before this step either finds it changed, or is already asleep and is woken.
      Atomics.and(this.#words, this.#state, ~READERS_WAIT)
      Atomics.notify(this.#words, this.#state)
    }
  }

  #refuseRelock(): void {
    if (this.writer() === currentAgent()) throw new RelockError('read-write lock', currentAgent())
  }

  #holder(): string {
    if (this.writer() !== 0) return `agent ${this.writer()} is the writer`
    return this.readers() > 0 ? 'readers hold the lock' : 'no agent holds it'
  }
}

makeKnown('RwLock', RwLock, import.meta.url)
