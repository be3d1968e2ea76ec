/**
 * LabStore: the product's session store with further steps, which the broken and the locking variants use. These steps are
 * sound only under the lock that the variant takes, and some are not sound under any lock. They call `super.stamp`, which a
 * watched store does not record.
 */
import { RECORD } from '../../store/layout.ts'
import { encodeSession, makeImage } from '../../store/record.ts'
import type { Image } from '../../store/record.ts'
import type { Session } from '../../store/session.ts'
import { SessionStore } from '../../store/store.ts'
import { Mutex } from '../../sync/mutex.ts'
import { RwLock } from '../../sync/rw-lock.ts'
import { CleanupQueue } from './cleanup-queue.ts'
import { extrasLayout } from './lab-memory.ts'
import type { LabMemory } from './lab-memory.ts'

/** One agent's view of a lab store. */
export class LabStore extends SessionStore {
  /** The lock of the sessions. */
  readonly lock: RwLock
  /** The lock of the mutex variant. */
  readonly mutex: Mutex
  /** The lock of the count of active sessions. */
  readonly statsLock: RwLock
  readonly queue: CleanupQueue
  readonly deadLetters: CleanupQueue
  readonly #sessionWords: Int32Array
  readonly #words: Int32Array
  readonly #activeSessions: number
  #image: Image | undefined

  constructor({ sessions, extras, queueCapacity }: LabMemory) {
    super(sessions)
    this.#sessionWords = new Int32Array(sessions)
    const words = new Int32Array(extras)
    const { at } = extrasLayout(queueCapacity)
    this.#words = words
    this.#activeSessions = at.activeSessions
    this.lock = new RwLock(words, at.storeLock)
    this.mutex = new Mutex(words, at.mutex)
    this.statsLock = new RwLock(words, at.statsLock)
    const queueLock = new RwLock(words, at.queueLock)
    this.queue = new CleanupQueue(words, at.queue, queueCapacity, queueLock)
    this.deadLetters = new CleanupQueue(words, at.deadLetters, queueCapacity, queueLock)
  }

  /** Returns whether a live session has this id. */
  has(id: string): boolean {
    for (;;) {
      const stamp = this.find(id)
      if (stamp === undefined) return false
      if (this.records.isStill(stamp.slot, stamp.control)) return true
    }
  }

  /** Returns a copy of a session that must exist, as it was at one moment. Throws SessionNotFoundError. */
  read(id: string): Session {
    return this.reading(id).session
  }

  /** Writes a whole session over its present state. Throws SessionNotFoundError or TextTooLongError. */
  write(session: Session): void {
    while (!this.writeIf(super.stamp(session.id), session));
  }

  /** Writes a whole session except its access count. Throws SessionNotFoundError or TextTooLongError. */
  writeMetadata(session: Session): void {
    // Only one variant writes in this way, so most stores never need the image.
    const image = (this.#image ??= makeImage(this.layout.textWords))
    encodeSession(image, session, this.layout)
    for (;;) {
      const { slot, control } = super.stamp(session.id)
      if (!this.writer.enter(slot, control)) continue
      this.writer.fillMetadata(slot, image)
      return this.writer.leave(slot, control)
    }
  }

  /**
   * Adds 1 to the access count, in one atomic step and nothing else, and returns the new count. Throws SessionNotFoundError.
   * Sound only while no thread deletes the session: between finding and adding, the slot could become another session's.
   */
  addAccess(id: string): number {
    const { slot } = super.stamp(id)
    return (Atomics.add(this.#sessionWords, this.records.recordAt(slot) + RECORD.accessCount, 1) + 1) >>> 0
  }

  /**
   * Returns a function that loads the access count of a session, and waits for no writer. Throws SessionNotFoundError. Sound only while no
   * thread deletes the session.
   */
  accessesOf(id: string): () => number {
    const at = this.records.recordAt(super.stamp(id).slot) + RECORD.accessCount
    return () => Atomics.load(this.#sessionWords, at) >>> 0
  }

  /** Removes a live session, frees its slot at once, and returns true; false if there is no such session. */
  takeOut(id: string): boolean {
    for (;;) {
      const stamp = this.find(id)
      if (stamp === undefined) return false
      if (!this.records.clean(stamp.slot, stamp.control)) continue
      this.release(stamp.slot, stamp.control)
      this.records.cleaned()
      return true
    }
  }

  /** Changes the count of active sessions, but never below 0. The caller holds `statsLock`. */
  addActive(change: number): void {
    const count = Math.max(0, this.activeSessions + change)
    Atomics.store(this.#words, this.#activeSessions, count)
  }

  /** The count of active sessions, as the locking variants keep it. */
  get activeSessions(): number {
    return Atomics.load(this.#words, this.#activeSessions)
  }
}
