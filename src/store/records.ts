/**
 * The records of a store, one per slot: which agent may write a record, what it holds, and whether what was read is still valid.
 * The table decides which session is in which slot.
 */
import { copyIn, copyOut } from '../memory/text.ts'
import {
  ACTIVE,
  AWAITED,
  CLAIMED,
  CLEANING,
  DELETED,
  FREE,
  WRITING,
  isLive,
  nextSequence,
  ownedBy,
  ownerOf,
  stateOf,
  withState,
} from './control.ts'
import { SessionBusyError } from './errors.ts'
import { RECORD, RECORD_WORDS } from './layout.ts'
import type { StoreLayout } from './layout.ts'
import { checkFits, entryWords, findKey, replaceEntry, replaceValue } from './metadata.ts'
import type { Entry } from './metadata.ts'
import { decodeTime, encodeTime } from './record.ts'
import type { Image } from './record.ts'
import { Write } from './notes.ts'
import type { Notes } from './notes.ts'

/**
 * A slot and the control word that it had: the stamp of an optimistic read. Every change of the record changes the control word,
 * and the stamp is then stale.
 */
export interface Stamp {
  readonly slot: number
  readonly control: number
}

/** The first and the last word that are copied from an image in one loop. The access count stands before them. */
const FIRST_DATA = RECORD.version
const LAST_DATA = RECORD.cacheTime + 1

/** How often an agent reads the control word again before it sleeps: for about as long as a write takes. */
const SPINS = 50

/** One agent's view of the records of a store. */
export class SessionRecords {
  readonly #words: Int32Array
  readonly #start: number
  readonly #stride: number
  readonly #metadataWords: number
  readonly #notes: Notes
  /** The control words of the slots that this agent writes, claims and cleans. */
  readonly #writing: number
  readonly #claimed: number
  readonly #cleaning: number
  /** For how many milliseconds this agent waits for a writer to leave. */
  patience = Infinity

  constructor(words: Int32Array, layout: StoreLayout, notes: Notes) {
    this.#notes = notes
    this.#writing = ownedBy(notes.agent, WRITING)
    this.#claimed = ownedBy(notes.agent, CLAIMED)
    this.#cleaning = ownedBy(notes.agent, CLEANING)
    this.#words = words
    this.#start = layout.at.session
    this.#stride = layout.fields.session.element.words
    this.#metadataWords = layout.metadataWords
  }

  /** Returns the word at which a slot's record begins. */
  recordAt(slot: number): number {
    return this.#start + slot * this.#stride
  }

  /** Returns the word at which a slot's text begins. */
  textAt(slot: number): number {
    return this.recordAt(slot) + RECORD.text
  }

  /** Returns a slot's control word as it is now. */
  control(slot: number): number {
    return Atomics.load(this.#words, this.recordAt(slot))
  }

  /**
   * Returns whether a slot's control word still is `control`. If it is, everything that the caller has read from the record since
   * it read `control` is of one moment (control.ts, I1). The check is a read-modify-write although it changes nothing; text.ts
   * says why.
   */
  isStill(slot: number, control: number): boolean {
    return this.move(slot, control, control)
  }

  /** Changes a slot's control word from `from` to `to` in one step; returns false if it was not `from` any more. */
  move(slot: number, from: number, to: number): boolean {
    return Atomics.compareExchange(this.#words, this.recordAt(slot), from, to) === from
  }

  /**
   * Returns the control word that the session in a slot was inserted with, which tells it from earlier sessions in the slot. The
   * caller must validate the answer with `isStill`.
   */
  born(slot: number): number {
    return this.#words[this.recordAt(slot) + RECORD.born]!
  }

  /** Returns the offset of the metadata in a slot's text. The caller must validate the answer with `isStill`. */
  nameWords(slot: number): number {
    return this.#words[this.recordAt(slot) + RECORD.nameWords]!
  }

  /**
   * Returns the stamp of the live session in a slot, or undefined if there is none. Waits while a writer is inside. The caller
   * must validate the stamp with `isStill`, or by writing.
   */
  stampAt(slot: number): Stamp | undefined {
    const control = this.settled(slot)
    return stateOf(control) === ACTIVE && !this.isExpired(slot) ? { slot, control } : undefined
  }

  /**
   * Returns the state that a slot's session is counted under. A session that is being written counts as ACTIVE, an expired one
   * as DELETED.
   */
  countedState(slot: number): number {
    for (;;) {
      const control = this.control(slot)
      if (!isLive(control)) return stateOf(control)
      // The writer inside found that the session had not expired.
      if (stateOf(control) !== ACTIVE || !this.isExpired(slot)) return ACTIVE
      // If the word has changed, another agent may have given the session more time: look again.
      if (this.isStill(slot, control)) return DELETED
    }
  }

  /**
   * Returns whether the session in a slot has expired. An expired session is visible to no agent, and the clean-up frees it. The
   * caller must validate the answer, with `isStill` or by changing the control word.
   */
  isExpired(slot: number): boolean {
    const at = this.recordAt(slot) + RECORD.expiresAt
    // Most sessions of most stores never expire. For those the clock is not read.
    if ((this.#words[at]! | this.#words[at + 1]!) === 0) return false
    return decodeTime(this.#words, at) <= Date.now()
  }

  /** Changes the session in a slot to DELETED if it has expired; returns whether it did. */
  expire(slot: number): boolean {
    const control = this.control(slot)
    if (stateOf(control) !== ACTIVE || !this.isExpired(slot)) return false
    return this.move(slot, control, nextSequence(control, DELETED))
  }

  /** Counts a failed clean-up of the session in a slot, and returns how many there have been. The caller must own the slot. */
  countAttempt(slot: number): number {
    return Atomics.add(this.#words, this.recordAt(slot) + RECORD.attempts, 1) + 1
  }

  /**
   * Waits until no writer is inside and returns the control word. Spins for a moment, then sleeps until the writer leaves. Throws
   * SessionBusyError if the writer does not leave in time.
   */
  settled(slot: number): number {
    const at = this.recordAt(slot)
    for (let spin = 0; ; spin++) {
      const seen = Atomics.load(this.#words, at)
      if (stateOf(seen) !== WRITING && stateOf(seen) !== AWAITED) return seen
      if (spin < SPINS) continue
      const awaited = withState(seen, AWAITED)
      if (seen === awaited || this.move(slot, seen, awaited)) this.#sleep(at, awaited)
    }
  }

  #sleep(at: number, awaited: number): void {
    const { patience } = this
    if (patience === Infinity) Atomics.wait(this.#words, at, awaited)
    else if (Atomics.wait(this.#words, at, awaited, patience) === 'timed-out')
      throw new SessionBusyError(ownerOf(awaited)! - 1, patience)
  }

  /** Copies the record of a stamp into an image; returns false if the stamp is stale, and then the image must be discarded. */
  read({ slot, control }: Stamp, image: Image): boolean {
    this.copyOut(slot, image)
    return this.isStill(slot, control)
  }

  /**
   * Copies a slot's record into an image. The caller must own the slot, or else validate the copy with `isStill` and discard it if
   * that returns false.
   */
  copyOut(slot: number, { record, text }: Image): void {
    // Copies all words except the control word, which is only read atomically.
    copyOut(record, this.#words, this.recordAt(slot), RECORD_WORDS, RECORD.control + 1)
    // A record that is being written may claim any length. The caller discards the copy then.
    const used = Math.min(record[RECORD.textWords]! >>> 0, text.length)
    copyOut(text, this.#words, this.textAt(slot), used)
  }

  /** Writes an image into a slot's record, except the control word. The caller must have claimed or entered the slot. */
  fill(slot: number, image: Image): void {
    this.#words[this.recordAt(slot) + RECORD.accessCount] = image.record[RECORD.accessCount]!
    this.fillMetadata(slot, image)
  }

  /**
   * Writes an image into a slot's record, except the control word and the access count, to which other agents may be adding. The
   * caller must have claimed or entered the slot.
   */
  fillMetadata(slot: number, { record, text }: Image): void {
    const at = this.recordAt(slot)
    for (let word = FIRST_DATA; word <= LAST_DATA; word++) this.#words[at + word] = record[word]!
    copyIn(this.#words, this.textAt(slot), text, record[RECORD.textWords]!)
  }

  /** Writes an image over the record of a slot that the caller has entered. */
  overwrite(slot: number, image: Image): void {
    this.#notes.keepRecord(this.recordAt(slot))
    this.fill(slot, image)
  }

  /**
   * Takes the right to write a slot's record, if the control word still is `control`; returns whether it did. This is the
   * compare-and-swap that makes an update one step. `control` must be in the state ACTIVE. `write` says
   * what the caller will do: `Write.COUNT`, what `beforeSetting` has returned, or nothing else before `overwrite`.
   */
  enter(slot: number, control: number, write: Write = Write.NOTHING): boolean {
    this.#notes.beforeEntering(slot, control, this.recordAt(slot), write)
    return this.move(slot, control, this.#writing)
  }

  /** Takes a free slot, if its control word still is `control`; returns whether it did. */
  claim(slot: number, control: number): boolean {
    this.#notes.beforeOwning(slot, control)
    return this.move(slot, control, this.#claimed)
  }

  /**
   * Takes a slot whose session is to be cleaned up, if its control word still is `control`; returns whether it did. The caller must
   * call `cleaned` in the end.
   */
  clean(slot: number, control: number): boolean {
    this.#notes.beforeOwning(slot, control)
    if (!this.move(slot, control, this.#cleaning)) return false
    this.#notes.opens(slot, control)
    return true
  }

  /** Notes that the agent does not own the slot any more that it took with `clean`. */
  cleaned(): void {
    this.#notes.closes()
  }

  /**
   * Takes the right to write the live session in a slot, if it was inserted with the control word `born`. Returns the control
   * word from before, which `leave` needs; FREE if the session is not there or a writer is inside.
   */
  enterBorn(slot: number, born: number, write: Write = Write.NOTHING): number {
    const control = this.control(slot)
    if (stateOf(control) !== ACTIVE) return FREE
    // The two reads come first, and `enter` validates them. If the agent entered first, an expired session would meanwhile
    // count as active.
    return this.born(slot) === born && !this.isExpired(slot) && this.enter(slot, control, write) ? control : FREE
  }

  /** Notes the entry that the caller is about to set, for the call of `enter`. */
  beforeSetting(entry: Entry): Write {
    return this.#notes.beforeSetting(entry)
  }

  /**
   * Starts the fetch of a record's cache line for writing, so that the line is there when the agent needs it. It writes a word that
   * is always 0, so the record does not change.
   */
  prefetch(slot: number): void {
    this.#words[this.recordAt(slot) + RECORD.prefetch] = 0
  }

  /** Counts an access in a record that the caller has entered, leaves the record, and returns the new count. */
  countAndLeave(slot: number, control: number, now: number): number {
    const count = this.#countAccess(slot, now)
    this.leave(slot, control)
    return count
  }

  /**
   * Sets a metadata key and counts an access in a record that the caller has entered, and leaves the record. Throws
   * TextTooLongError; the record is then left unchanged.
   */
  setAndLeave(slot: number, control: number, entry: Entry, now: number): void {
    try {
      this.putEntry(slot, entry)
    } catch (tooLong) {
      this.#leaveAs(slot, control)
      throw tooLong
    }
    this.#countAccess(slot, now)
    this.leave(slot, control)
  }

  /** Sets an entry in a record that the caller has entered. Throws TextTooLongError; the record is then unchanged. */
  putEntry(slot: number, entry: Entry): void {
    const words = this.#words
    const record = this.recordAt(slot)
    const text = record + RECORD.text
    const start = text + this.nameWords(slot)
    const end = text + words[record + RECORD.textWords]!
    const at = findKey(words, start, end, entry)
    const before = at === end ? 0 : entryWords(words, at)
    checkFits(end - start - before + entry.size, this.#metadataWords)
    if (before === entry.size) return replaceValue(words, at, entry)
    this.#notes.keepText(record, at - text, end - at)
    replaceEntry(words, at, before, end, entry)
    words[record + RECORD.textWords] = end - text - before + entry.size
  }

  /** Sets the value of a key that has one of the same size, in a record that the caller owns; returns false if there is none. */
  putValue(slot: number, entry: Entry): boolean {
    const text = this.textAt(slot)
    const end = text + this.#words[this.recordAt(slot) + RECORD.textWords]!
    const at = findKey(this.#words, text + this.nameWords(slot), end, entry)
    if (at === end || entryWords(this.#words, at) !== entry.size) return false
    replaceValue(this.#words, at, entry)
    return true
  }

  /** Adds one to the access count and to the version, sets the last activity, and returns the new count. */
  #countAccess(slot: number, now: number): number {
    const words = this.#words
    const at = this.recordAt(slot)
    const count = (words[at + RECORD.accessCount]! + 1) | 0
    words[at + RECORD.accessCount] = count
    words[at + RECORD.version] = (words[at + RECORD.version]! + 1) | 0
    encodeTime(words, at + RECORD.lastActivity, now)
    return count >>> 0
  }

  /** Gives back the right to write after a change. `control` must be the control word from before `enter`. */
  leave(slot: number, control: number): void {
    this.#leaveAs(slot, nextSequence(control, ACTIVE))
  }

  #leaveAs(slot: number, control: number): void {
    const at = this.recordAt(slot)
    const before = Atomics.exchange(this.#words, at, control)
    if (stateOf(before) === AWAITED) this.wake(slot)
  }

  /** Wakes the agents that wait until no writer is inside a slot. */
  wake(slot: number): void {
    Atomics.notify(this.#words, this.recordAt(slot))
  }

  /**
   * Moves a slot to another state and to the sequence after that of `control`; returns the new control word. The caller must own the
   * slot, or it must be in a state that no other agent moves it from.
   */
  change(slot: number, control: number, state: number): number {
    const to = nextSequence(control, state)
    Atomics.store(this.#words, this.recordAt(slot), to)
    return to
  }
}
