/**
 * The clean-up queue of the locking variants: a vector of ids in shared memory, under a lock of its own. The store's
 * own clean-up has no queue: it walks over the slots and finds deleted sessions by their state.
 *
 * The caller must hold the lock: a read lock to read the queue, a write lock to change it. The lock orders all
 * accesses, so they are plain reads and writes.
 */
import { RacelabError } from '../../errors.ts'
import { decodeText, encodeText } from '../../memory/text.ts'
import type { RwLock } from '../../sync/rw-lock.ts'
import { queueLayout, queued } from './lab-memory.ts'

/** The clean-up queue is full. */
export class QueueFullError extends RacelabError {
  readonly code = 'ERR_RACELAB_QUEUE_FULL'

  constructor(capacity: number) {
    super(
      `The clean-up queue holds ${capacity} ids and is full. Run a clean-up that empties it, or allocate a store with a larger queueCapacity.`,
    )
  }
}

/** One agent's view of a clean-up queue. */
export class CleanupQueue {
  readonly lock: RwLock
  readonly #words: Int32Array
  readonly #length: number
  readonly #items: number
  readonly #capacity: number

  constructor(words: Int32Array, at: number, capacity: number, lock: RwLock) {
    this.lock = lock
    this.#words = words
    const parts = queueLayout(capacity)
    this.#length = at + parts.at.length
    this.#items = at + parts.at.item
    this.#capacity = capacity
  }

  /** How many ids are in the queue. */
  get length(): number {
    return this.#words[this.#length]!
  }

  /** Adds an id at the end. Throws QueueFullError. */
  push(id: string, attempts = 0): void {
    const { length } = this
    if (length === this.#capacity) throw new QueueFullError(this.#capacity)
    const item = this.#itemAt(length)
    this.#words[item + queued.at.attempts] = attempts
    encodeText(this.#words, item + queued.at.id, id)
    this.#words[this.#length] = length + 1
  }

  /** Returns the id of the item at `index`. */
  idAt(index: number): string {
    return decodeText(this.#words, this.#itemAt(index) + queued.at.id)
  }

  /** Returns all ids, in order. */
  ids(): string[] {
    return Array.from({ length: this.length }, (_, index) => this.idAt(index))
  }

  /** Adds one to the failed attempts of the item at `index`, and returns their number. */
  countAttempt(index: number): number {
    return ++this.#words[this.#itemAt(index) + queued.at.attempts]!
  }

  /** Removes the item at `index`. All items behind it move one place forward. */
  removeAt(index: number): void {
    const { length } = this
    this.#words.copyWithin(this.#itemAt(index), this.#itemAt(index + 1), this.#itemAt(length))
    this.#words[this.#length] = length - 1
  }

  /** Removes the first item with this id, if there is one. */
  remove(id: string): void {
    for (let index = 0; index < this.length; index++) if (this.idAt(index) === id) return this.removeAt(index)
  }

  /** The size of all items, in bytes. */
  get bytes(): number {
    return this.length * queued.words * 4
  }

  #itemAt(index: number): number {
    return this.#items + index * queued.words
  }
}
