/**
 * RwLock: one writer, or any number of readers. Writers do not starve: while one waits, no new reader comes in.
 *
 *   state, from the low bit
 *     READERS_WAIT   a reader may be asleep on the state word
 *     WRITERS_WAIT   a writer may be asleep on the wake-ups word
 *     WRITTEN        held by a writer; the bits above are its agent
 *     …              otherwise the bits above count the readers inside
 *   wake-ups         counts the wake-ups of writers: a writer sleeps only while the count is what it saw
 *
 * Invariants
 *   I1  WRITTEN excludes readers, and the other way round.
 *   I2  A waiting bit is only ever set on a held lock, and whoever frees the lock takes all of them off and wakes for each:
 *       one writer, all readers.
 *   I3  A writer that was woken puts WRITERS_WAIT back when it takes the lock or waits again, for the sleepers whose bit
 *       went with its own.
 *   I4  A writer sets WRITERS_WAIT before it looks at the clock: one that leaves after its time leaves no sleeper unmarked.
 *
 * Not reentrant, not upgradable. Readers are counted, not known: only a writer's misuse can be told by its agent.
 * Uncontended, lock and unlock are two atomic operations each.
 *
 * After M. Bos, "Rust Atomics and Locks", chapter 9, and the futex lock of Rust's standard library.
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

const FREE = 0
const READERS_WAIT = 1
const WRITERS_WAIT = 2
const WRITTEN = 4
const WAITING = READERS_WAIT | WRITERS_WAIT
/** What keeps a reader out; a writer is kept out by anything. */
const BARS_READERS = WRITTEN | WAITING
const BARS_WRITERS = ~0
const READER = 8
const SHIFT = 3

export class RwLock {
  static readonly WORDS = 2
  readonly #words: Int32Array
  readonly #state: number
  readonly #wakeUps: number

  constructor(words: Int32Array, at: number) {
    this.#words = words
    this.#state = at
    this.#wakeUps = at + 1
  }

  /** Waits until no writer is inside or waiting, and comes in. Throws RelockError when the agent is the writer. */
  readLock(): void {
    if (!this.tryReadLock()) this.#readContended(NEVER)
  }

  /** Comes in as a reader if that is possible now; says whether. */
  tryReadLock(): boolean {
    let seen = Atomics.load(this.#words, this.#state)
    // Waiting bits keep newcomers out: that is what lets a writer in at last.
    while ((seen & BARS_READERS) === 0) {
      const before = Atomics.compareExchange(this.#words, this.#state, seen, seen + READER)
      if (before === seen) return true
      seen = before
    }
    return false
  }

  /** Waits at most so many milliseconds to read; says whether it came in. */
  tryReadLockFor(milliseconds: number): boolean {
    return this.tryReadLock() || this.#readContended(deadlineIn(milliseconds))
  }

  /** Leaves as a reader. Throws NotOwnerError when no reader is inside. */
  readUnlock(): void {
    const seen = Atomics.load(this.#words, this.#state)
    if ((seen & WRITTEN) !== 0 || seen < READER) throw new NotOwnerError('read lock', currentAgent(), writerIn(seen))
    const left = Atomics.sub(this.#words, this.#state, READER) - READER
    if (left !== FREE && left < READER) this.#free(left)
  }

  /** Waits until it is alone and takes it. Throws RelockError when the agent is the writer already. */
  writeLock(): void {
    if (!this.tryWriteLock()) this.#writeContended(NEVER)
  }

  /** Takes it as the writer if it is free; says whether. */
  tryWriteLock(): boolean {
    return Atomics.compareExchange(this.#words, this.#state, FREE, writtenBy(currentAgent())) === FREE
  }

  /** Waits at most so many milliseconds to write; says whether it was taken. */
  tryWriteLockFor(milliseconds: number): boolean {
    return this.tryWriteLock() || this.#writeContended(deadlineIn(milliseconds))
  }

  /** Gives it back as the writer. Throws NotOwnerError when the agent is not the writer. */
  writeUnlock(): void {
    const mine = writtenBy(currentAgent())
    const seen = Atomics.compareExchange(this.#words, this.#state, mine, FREE)
    if (seen === mine) return
    if ((seen & ~WAITING) !== mine) throw new NotOwnerError('write lock', currentAgent(), writerIn(seen))
    this.#wake(Atomics.exchange(this.#words, this.#state, FREE))
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
    return writerIn(Atomics.load(this.#words, this.#state))
  }

  /** How many readers are inside. True when read; it may have changed since. */
  readers(): number {
    const seen = Atomics.load(this.#words, this.#state)
    return seen & WRITTEN ? 0 : seen >>> SHIFT
  }

  #readContended(deadline: Deadline): boolean {
    for (;;) {
      if (this.tryReadLock()) return true
      const marked = this.#mark(READERS_WAIT, BARS_READERS)
      if (marked === FREE) continue
      const left = deadline.left()
      if (left === 0) return false
      Atomics.wait(this.#words, this.#state, marked, left)
    }
  }

  #writeContended(deadline: Deadline): boolean {
    // Once it has slept, others may sleep whose bit went with its own (I3).
    let others = 0
    for (;;) {
      const mine = writtenBy(currentAgent()) | others
      if (Atomics.compareExchange(this.#words, this.#state, FREE, mine) === FREE) return true
      const wakeUps = Atomics.load(this.#words, this.#wakeUps)
      // The count is read before the bit is set: a wake-up that honours the bit changes the count, and the sleep ends.
      if (this.#mark(WRITERS_WAIT, BARS_WRITERS) === FREE) continue
      const left = deadline.left()
      if (left === 0) return false
      Atomics.wait(this.#words, this.#wakeUps, wakeUps, left)
      others = WRITERS_WAIT
    }
  }

  /** Sets a waiting bit while one of the bars is up and returns the marked state; FREE when there is no more to wait for. */
  #mark(bit: number, bars: number): number {
    let seen = Atomics.load(this.#words, this.#state)
    while ((seen & bars) !== 0) {
      if (writerIn(seen) === currentAgent()) throw new RelockError('read-write lock', currentAgent())
      if ((seen & bit) !== 0) return seen
      const before = Atomics.compareExchange(this.#words, this.#state, seen, seen | bit)
      if (before === seen) return seen | bit
      seen = before
    }
    return FREE
  }

  /** The last reader has left a state of nothing but waiting bits: take them off and wake, unless somebody was faster. */
  #free(left: number): void {
    let seen = left
    // A bit may join meanwhile; a reader or writer cannot, for waiting bits keep both out.
    while (seen !== FREE && seen < READER && (seen & WRITTEN) === 0) {
      const before = Atomics.compareExchange(this.#words, this.#state, seen, FREE)
      if (before === seen) return this.#wake(seen)
      seen = before
    }
  }

  #wake(bits: number): void {
    if ((bits & WRITERS_WAIT) !== 0) {
      Atomics.add(this.#words, this.#wakeUps, 1)
      Atomics.notify(this.#words, this.#wakeUps, 1)
    }
    if ((bits & READERS_WAIT) !== 0) Atomics.notify(this.#words, this.#state)
  }
}

function writtenBy(agent: number): number {
  return (agent << SHIFT) | WRITTEN
}

function writerIn(state: number): number {
  return (state & WRITTEN) === 0 ? 0 : state >>> SHIFT
}
