/**
 * The records of a store, one a slot: who may write one, what it says, and whether that still stands. Which session is in which
 * slot is the table's affair.
 */
import { copyIn, copyOut } from '../memory/text.ts'
import { ACTIVE, AWAITED, DELETED, FREE, WRITING, inState, isLive, next, stateOf } from './control.ts'
import { RECORD, RECORD_WORDS, type StoreLayout } from './layout.ts'
import { type Entry, putEntry } from './metadata.ts'
import { type Image, decodeTime, encodeTime } from './record.ts'

/** A slot, and what its control word said: whoever changes the record in between makes it stale. */
export interface Place {
  readonly slot: number
  readonly control: number
}

/** The words of a record that come from an image one after the other; the access count stands before them. */
const FIRST_DATA = RECORD.version
const LAST_DATA = RECORD.cacheTime + 1

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

  /** Where a slot's metadata begin, in its text. To be confirmed. */
  nameWords(slot: number): number {
    return this.#words[this.recordAt(slot) + RECORD.nameWords]!
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
    // Most sessions of most stores never expire: for them the clock is not looked at.
    if ((this.#words[at]! | this.#words[at + 1]!) === 0) return false
    return decodeTime(this.#words, at) <= Date.now()
  }

  /** Makes a session that has expired a deleted one; says whether there was one. */
  expire(slot: number): boolean {
    const control = this.control(slot)
    if (stateOf(control) !== ACTIVE || !this.isExpired(slot)) return false
    return this.move(slot, control, next(control, DELETED))
  }

  /** Counts a failed clean-up of the session in a slot that is the caller's; how many there have been. */
  countAttempt(slot: number): number {
    return Atomics.add(this.#words, this.recordAt(slot) + RECORD.attempts, 1) + 1
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

  /** Copies a record into an image; says whether it is of one moment, at which the place was what it was. */
  read({ slot, control }: Place, image: Image): boolean {
    this.copyOut(slot, image)
    return this.isStill(slot, control)
  }

  /** Copies a record into an image: of a slot that is the caller's, or to be confirmed. */
  copyOut(slot: number, { record, text }: Image): void {
    // But for the control word, which is only ever read atomically.
    copyOut(record, this.#words, this.recordAt(slot), RECORD_WORDS, RECORD.control + 1)
    // A record that is being written may claim any length; what is copied of it will be thrown away.
    const used = Math.min(record[RECORD.textWords]! >>> 0, text.length)
    copyOut(text, this.#words, this.textAt(slot), used)
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

  /** Takes the right to write, if nothing has changed since the control word was read: the compare-and-swap of the sound updates. */
  enter(slot: number, control: number): boolean {
    return this.move(slot, control, inState(control, WRITING))
  }

  /**
   * Takes the right to write a live session, told by its slot and birth. What its control word was, for leaving it; FREE if the
   * session is not there, or somebody is inside.
   */
  enterBorn(slot: number, born: number): number {
    const control = this.control(slot)
    if (stateOf(control) !== ACTIVE) return FREE
    // Looked at before, and confirmed by entering: an expired session that somebody is inside would be taken for a live one.
    return this.born(slot) === born && !this.isExpired(slot) && this.enter(slot, control) ? control : FREE
  }

  /** Has a record fetched for writing while its agent does something else; nothing that is in it changes. */
  want(slot: number): void {
    this.#words[this.recordAt(slot) + RECORD.wanted] = 0
  }

  /** Counts an access in a record that is being written by the caller, who gives the right back with it. The new count. */
  countAndLeave(slot: number, control: number, now: number): number {
    const count = this.#countAccess(slot, now)
    this.leave(slot, control)
    return count
  }

  /**
   * Sets a metadata key and counts an access in a record that is being written by the caller, who gives the right back with
   * it. Throws TextTooLongError; the right is then given back, and nothing changed.
   */
  setAndLeave(slot: number, control: number, entry: Entry, now: number): void {
    try {
      this.#putEntry(slot, entry)
    } catch (tooLong) {
      this.#leaveAs(slot, control)
      throw tooLong
    }
    this.#countAccess(slot, now)
    this.leave(slot, control)
  }

  #putEntry(slot: number, entry: Entry): void {
    const words = this.#words
    const at = this.recordAt(slot)
    const text = at + RECORD.text
    const start = text + this.nameWords(slot)
    const end = text + words[at + RECORD.textWords]!
    words[at + RECORD.textWords] = putEntry(words, start, end, entry, this.#metadataWords) - text
  }

  /** Count, version and last activity. */
  #countAccess(slot: number, now: number): number {
    const words = this.#words
    const at = this.recordAt(slot)
    const count = (words[at + RECORD.accessCount]! + 1) | 0
    words[at + RECORD.accessCount] = count
    words[at + RECORD.version] = (words[at + RECORD.version]! + 1) | 0
    encodeTime(words, at + RECORD.lastActivity, now)
    return count >>> 0
  }

  /** Gives the right to write back, the record changed. */
  leave(slot: number, control: number): void {
    this.#leaveAs(slot, next(control, ACTIVE))
  }

  #leaveAs(slot: number, control: number): void {
    const at = this.recordAt(slot)
    const before = Atomics.exchange(this.#words, at, control)
    if (stateOf(before) === AWAITED) Atomics.notify(this.#words, at)
  }

  /** Only for who owns the slot in a state that nobody else moves it from. */
  change(slot: number, state: number): number {
    const to = next(this.control(slot), state)
    Atomics.store(this.#words, this.recordAt(slot), to)
    return to
  }
}
