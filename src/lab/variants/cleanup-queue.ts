/**
 * The clean-up queue of the locking variants: a vector of ids in shared memory, under a lock of its own. The sound variants
 * do without one: for them the queue is the set of deleted sessions.
 *
 * Whoever calls holds the lock: reading to look, writing to change. So the words are plain ones; the lock orders them.
 */
import { RacelabError } from '../../errors.ts'
import { LINE } from '../../memory/layout.ts'
import { decodeText, encodeText } from '../../memory/text.ts'
import type { RwLock } from '../../sync/rw-lock.ts'
import { queued } from './lab-memory.ts'

/** The clean-up queue holds as many ids as it can: the leak has filled it. */
export class QueueFullError extends RacelabError {
  readonly code = 'ERR_RACELAB_QUEUE_FULL'

  constructor(capacity: number) {
    super(
      `The clean-up queue holds ${capacity} ids and is full. Run a clean-up that drains it, or allocate a store with a larger queueCapacity.`,
    )
  }
}

export class CleanupQueue {
  readonly lock: RwLock
  readonly #words: Int32Array
  readonly #length: number
  readonly #items: number
  readonly #capacity: number

  constructor(words: Int32Array, at: number, capacity: number, lock: RwLock) {
    this.lock = lock
    this.#words = words
    this.#length = at
    this.#items = at + LINE
    this.#capacity = capacity
  }

  get length(): number {
    return this.#words[this.#length]!
  }

  /** Throws QueueFullError. */
  push(id: string, attempts = 0): void {
    const { length } = this
    if (length === this.#capacity) throw new QueueFullError(this.#capacity)
    const item = this.#itemAt(length)
    this.#words[item + queued.at.attempts] = attempts
    encodeText(this.#words, item + queued.at.id, id)
    this.#words[this.#length] = length + 1
  }

  idAt(index: number): string {
    return decodeText(this.#words, this.#itemAt(index) + queued.at.id)
  }

  ids(): string[] {
    return Array.from({ length: this.length }, (_, index) => this.idAt(index))
  }

  /** Counts a failed attempt at the item; how many there have been. */
  countAttempt(index: number): number {
    return ++this.#words[this.#itemAt(index) + queued.at.attempts]!
  }

  /** Takes an item out of the middle: all behind it move up, as in any vector. */
  removeAt(index: number): void {
    const { length } = this
    this.#words.copyWithin(this.#itemAt(index), this.#itemAt(index + 1), this.#itemAt(length))
    this.#words[this.#length] = length - 1
  }

  /** Takes out the first item with this id, if it is there. */
  remove(id: string): void {
    for (let index = 0; index < this.length; index++) if (this.idAt(index) === id) return this.removeAt(index)
  }

  /** How many bytes the items take. */
  get bytes(): number {
    return this.length * queued.words * 4
  }

  #itemAt(index: number): number {
    return this.#items + index * queued.words
  }
}
