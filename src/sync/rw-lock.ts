/**
 * RwLock: one writer, or any number of readers. Writers do not starve: while one waits, no new reader comes in.
 *
 *   state, from the low bit
 *     READERS_WAIT    1 bit     a reader may be asleep on the state
 *     WRITTEN         1 bit     a writer is inside
 *     writers        10 bits    how many writers wait
 *     readers        20 bits    how many readers are inside
 *   wake-ups          counts the wake-ups of writers: a writer sleeps only while the count is what it saw
 *   owner             the writer's agent, for telling misuse
 *
 * Invariants
 *   I1  WRITTEN excludes readers, and the other way round.
 *   I2  A reader comes in only while no writer is inside or waits. A waiting writer is counted until it is inside or gives up,
 *       so that nobody slips in between its wake-up and its turn.
 *   I3  Whoever leaves the lock with nobody inside wakes a writer, if one waits. Whoever leaves it with no writer inside or
 *       waiting takes READERS_WAIT off and wakes the readers.
 *
 * Not reentrant, not upgradable. Readers may starve while writers keep coming. Readers are counted, not known: only a
 * writer's misuse can be told by its agent. At most 1,023 writers wait and 524,287 readers are inside at once.
 *
 * After M. Bos, "Rust Atomics and Locks", chapter 9; counting the waiting writers is ours.
 *
 * @example
 * const lock = new RwLock(new Int32Array(new SharedArrayBuffer(4 * RwLock.WORDS)), 0)
 * lock.readLock() // others may read too
 * lock.readUnlock()
 * lock.writeLock() // alone
 * lock.writeUnlock()
 */
import { currentAgent } from './agent.ts'
import { type Deadline, NEVER, deadlineIn } from './deadline.ts'
import { NotOwnerError, RelockError } from './errors.ts'
import { checkFit } from './fit.ts'

const FREE = 0
const READERS_WAIT = 1
const WRITTEN = 2
const WRITER = 4
const WRITERS = 0x3ff * WRITER
const READER = 0x1000
const READERS = ~(READER - 1)
/** What keeps a reader out, and what keeps a writer out. */
const BARS_READERS = WRITTEN | WRITERS
const BARS_WRITERS = WRITTEN | READERS

export class RwLock {
  static readonly WORDS = 3
  readonly #words: Int32Array
  readonly #state: number
  readonly #wakeUps: number
  readonly #owner: number

  constructor(words: Int32Array, at: number) {
    checkFit(words, at, RwLock.WORDS)
    this.#words = words
    this.#state = at
    this.#wakeUps = at + 1
    this.#owner = at + 2
  }

  /** Waits until no writer is inside or waiting, and comes in. Throws RelockError when the agent is the writer. */
  readLock(): void {
    if (!this.tryReadLock()) this.#readContended(NEVER)
  }

  /** Comes in as a reader if that is possible now; says whether. */
  tryReadLock(): boolean {
    let seen = Atomics.load(this.#words, this.#state)
    while ((seen & BARS_READERS) === 0) {
      const before = Atomics.compareExchange(this.#words, this.#state, seen, seen + READER)
      if (before === seen) return true
      seen = before
    }
    return false
  }

  /** Waits at most so many milliseconds to read; says whether it came in. */
  tryReadLockFor(milliseconds: number): boolean {
    const deadline = deadlineIn(milliseconds)
    return this.tryReadLock() || this.#readContended(deadline)
  }

  /** Leaves as a reader. Throws NotOwnerError when no reader is inside. */
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

  /** Waits until it is alone and takes it. Throws RelockError when the agent is the writer already. */
  writeLock(): void {
    if (!this.tryWriteLock()) this.#writeContended(NEVER)
  }

  /** Takes it as the writer if it is free; says whether. */
  tryWriteLock(): boolean {
    if (Atomics.compareExchange(this.#words, this.#state, FREE, WRITTEN) !== FREE) return false
    Atomics.store(this.#words, this.#owner, currentAgent())
    return true
  }

  /** Waits at most so many milliseconds to write; says whether it was taken. */
  tryWriteLockFor(milliseconds: number): boolean {
    const deadline = deadlineIn(milliseconds)
    return this.tryWriteLock() || this.#writeContended(deadline)
  }

  /** Gives it back as the writer. Throws NotOwnerError when the agent is not the writer. */
  writeUnlock(): void {
    if (this.writer() !== currentAgent()) throw new NotOwnerError('write lock', currentAgent(), this.#holder())
    Atomics.store(this.#words, this.#owner, 0)
    this.#wake(Atomics.sub(this.#words, this.#state, WRITTEN) - WRITTEN)
  }

  /** Calls under the read lock, and unlocks whatever happens; returns what the function returned. */
  reading<Result>(inside: () => Result): Result {
    this.readLock()
    try {
      return inside()
    } finally {
      this.readUnlock()
    }
  }

  /** Calls under the write lock, and unlocks whatever happens; returns what the function returned. */
  writing<Result>(inside: () => Result): Result {
    this.writeLock()
    try {
      return inside()
    } finally {
      this.writeUnlock()
    }
  }

  /** The agent that writes, or 0. True when read; it may have changed since. */
  writer(): number {
    return Atomics.load(this.#words, this.#owner)
  }

  /** How many readers are inside. True when read; it may have changed since. */
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
      // Sleeps only while the marked state stands: whatever lets readers in changes it.
      Atomics.wait(this.#words, this.#state, marked, left)
    }
  }

  #writeContended(deadline: Deadline): boolean {
    this.#refuseRelock()
    // From here on no new reader comes in (I2).
    Atomics.add(this.#words, this.#state, WRITER)
    for (;;) {
      // The count is read before the state: a wake-up for what happens after that look changes it, and ends the sleep.
      const wakeUps = Atomics.load(this.#words, this.#wakeUps)
      if (this.#enterAsWriter()) return true
      const left = deadline.left()
      if (left === 0) return this.#giveUp()
      Atomics.wait(this.#words, this.#wakeUps, wakeUps, left)
    }
  }

  /** Goes from waiting to inside in one step, if nobody is inside. */
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
    // It may have been the only one that kept readers out, or the one that was woken for the others.
    this.#wake(Atomics.sub(this.#words, this.#state, WRITER) - WRITER)
    return false
  }

  /** Wakes whoever may come in, in the state that was left behind (I3). */
  #wake(state: number): void {
    if ((state & WRITERS) !== 0) {
      if ((state & BARS_WRITERS) !== 0) return
      Atomics.add(this.#words, this.#wakeUps, 1)
      Atomics.notify(this.#words, this.#wakeUps, 1)
    } else if ((state & READERS_WAIT) !== 0 && (state & WRITTEN) === 0) {
      // Whoever marked the state before this finds it changed, or is asleep already and is woken.
      Atomics.and(this.#words, this.#state, ~READERS_WAIT)
      Atomics.notify(this.#words, this.#state)
    }
  }

  #refuseRelock(): void {
    if (this.writer() === currentAgent()) throw new RelockError('read-write lock', currentAgent())
  }

  #holder(): string {
    if (this.writer() !== 0) return `agent ${this.writer()} writes`
    return this.readers() > 0 ? 'it is held by readers' : 'nobody holds it'
  }
}
