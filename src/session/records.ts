/**
 * The records of a store, one a slot: who may write one, what it says, and whether that still stands. Which session is in which
 * slot is the table's affair.
 */
import { copyIn } from '../memory/text.ts'
import { ACTIVE, AWAITED, DELETED, FREE, WRITING, inState, isLive, next, stateOf } from './control.ts'
import { RECORD, type StoreLayout } from './layout.ts'
import { type Entry, putEntry } from './metadata.ts'
import { type Image, decodeTime, encodeTime } from './record.ts'

/** A slot, and what its control word said: whoever changes the record in between makes it stale. */
export interface Place {
  readonly slot: number
  readonly control: number
}

/** The words of a record that come from an image one after the other; the access count stands before them. */
const FIRST_DATA = RECORD.version
const LAST_DATA = RECORD.textWords

/** How often a waiter looks again before it sleeps: about as long as a write takes. */
const SPINS = 50

export class SessionRecords {
  readonly #words: Int32Array
  readonly #start: number
  readonly #stride: number
  readonly #metadataWords: number

  constructor(words: Int32Array, layout: StoreLayout) {
    this.#words = words
    this.#start = layout.at.session
    this.#stride = layout.fields.session.element.words
    this.#metadataWords = layout.metadataWords
  }

  /** Where a slot's record begins. */
  recordAt(slot: number): number {
    return this.#start + slot * this.#stride
  }

  /** Where a slot's text begins. */
  textAt(slot: number): number {
    return this.recordAt(slot) + RECORD.text
  }

  /** What a slot's control word says now. */
  control(slot: number): number {
    return Atomics.load(this.#words, this.recordAt(slot))
  }

  /**
   * Whether a slot's control word is still what it was, so that what was read of the record meanwhile is of one moment
   * (control.ts, I1). A read-modify-write, though it changes nothing: text.ts says why.
   */
  isStill(slot: number, control: number): boolean {
    return this.move(slot, control, control)
  }

  /** Moves a slot from what its control word said to another; false when it has changed since. */
  move(slot: number, from: number, to: number): boolean {
    return Atomics.compareExchange(this.#words, this.recordAt(slot), from, to) === from
  }

  /** Which of all sessions that were ever there sits in a slot. To be confirmed. */
  born(slot: number): number {
    return this.#words[this.recordAt(slot) + RECORD.born]!
  }

  /** The place of the live session in a slot, if there is one; waits for a writer to finish. To be confirmed. */
  placeAt(slot: number): Place | undefined {
    const control = this.settled(slot)
    return stateOf(control) === ACTIVE && !this.isExpired(slot) ? { slot, control } : undefined
  }

  /** The state that a slot's session is counted under: one that is being written is active, an expired one deleted. */
  countedState(slot: number): number {
    for (;;) {
      const control = this.control(slot)
      if (!isLive(control)) return stateOf(control)
      // Whoever writes it has found it alive.
      if (stateOf(control) !== ACTIVE || !this.isExpired(slot)) return ACTIVE
      // Unless it was given more time while we looked.
      if (this.isStill(slot, control)) return DELETED
    }
  }

  /** Whether the session in a slot has expired: it is not there for anybody, and due for clean-up. */
  isExpired(slot: number): boolean {
    const at = this.recordAt(slot) + RECORD.expiresAt
    const time = decodeTime(this.#words, at)
    // Most sessions of most stores never expire: for them the clock is not looked at.
    return time !== 0 && time <= Date.now()
  }

  /** The control word once no writer is inside: looks again for a moment, then sleeps until the writer leaves. */
  settled(slot: number): number {
    const at = this.recordAt(slot)
    for (let spin = 0; ; spin++) {
      const seen = Atomics.load(this.#words, at)
      if (stateOf(seen) !== WRITING && stateOf(seen) !== AWAITED) return seen
      if (spin < SPINS) continue
      const awaited = inState(seen, AWAITED)
      if (seen === awaited || this.move(slot, seen, awaited)) Atomics.wait(this.#words, at, awaited)
    }
  }

  /** Writes an image into a record that is the caller's: claimed, or being written. The control word stays. */
  fill(slot: number, image: Image): void {
    this.#words[this.recordAt(slot) + RECORD.accessCount] = image.record[RECORD.accessCount]!
    this.fillMetadata(slot, image)
  }

  /** The same, but for the access count, which stays what others may be adding to it. */
  fillMetadata(slot: number, { record, text }: Image): void {
    const at = this.recordAt(slot)
    for (let word = FIRST_DATA; word <= LAST_DATA; word++) this.#words[at + word] = record[word]!
    copyIn(this.#words, this.textAt(slot), text, record[RECORD.textWords]!)
  }

  /** Sets a metadata key in a record that is being written by the caller. Throws TextTooLongError, and has then changed nothing. */
  putEntry(slot: number, entry: Entry): void {
    const used = this.recordAt(slot) + RECORD.textWords
    this.#words[used] = putEntry(this.#words, this.textAt(slot), this.#words[used]!, entry, this.#metadataWords)
  }

  /** Counts an access in a record that is being written by the caller: count, version and last activity. The new count. */
  countAccess(slot: number): number {
    const words = this.#words
    const at = this.recordAt(slot)
    const count = (words[at + RECORD.accessCount]! + 1) | 0
    words[at + RECORD.accessCount] = count
    words[at + RECORD.version] = (words[at + RECORD.version]! + 1) | 0
    encodeTime(words, at + RECORD.lastActivity, Date.now())
    return count >>> 0
  }

  /** Takes the right to write, if nothing has changed since the place was found: the compare-and-swap of the sound updates. */
  enter({ slot, control }: Place): boolean {
    return this.move(slot, control, inState(control, WRITING))
  }

  /** Gives the right to write back, the record changed. */
  leave({ slot, control }: Place): void {
    this.#leaveAs(slot, next(control, ACTIVE))
  }

  /** Gives it back, the record as it was. */
  leaveUnchanged({ slot, control }: Place): void {
    this.#leaveAs(slot, control)
  }

  #leaveAs(slot: number, control: number): void {
    const at = this.recordAt(slot)
    const before = Atomics.exchange(this.#words, at, control)
    if (stateOf(before) === AWAITED) Atomics.notify(this.#words, at)
  }

  /** Empties a slot that is the caller's. */
  free(slot: number): void {
    this.change(slot, FREE)
  }

  /** Only for who owns the slot in a state that nobody else moves it from. */
  change(slot: number, state: number): number {
    const to = next(this.control(slot), state)
    Atomics.store(this.#words, this.recordAt(slot), to)
    return to
  }
}
