/**
 * The writer's side of a record: an agent takes the right to write it, writes it, and gives the right back. Before each of these steps
 * it notes what another agent needs if this one is killed (notes.ts).
 */
import { copyIn } from '../memory/text.ts'
import { ACTIVE, AWAITED, FREE, WRITING, nextSequence, ownedBy, stateOf } from './control.ts'
import { corruptText } from './damage.ts'
import { RECORD } from './layout.ts'
import type { StoreLayout } from './layout.ts'
import { checkFits, entryWords, findKey, replaceEntry, replaceValue } from './metadata.ts'
import type { Entry } from './metadata.ts'
import { Write } from './notes.ts'
import type { Notes } from './notes.ts'
import { encodeTime } from './record.ts'
import type { Image } from './record.ts'
import type { SessionRecords } from './records.ts'
import { NAMES } from './session.ts'
import type { CorruptStoreError } from './errors.ts'

/** The first and the last word that are copied from an image in one loop. The access count stands before them. */
const FIRST_DATA = RECORD.version
const LAST_DATA = RECORD.cacheTime + 1

/** Writes the records of a store for one agent. */
export class RecordWriter {
  readonly #words: Int32Array
  readonly #records: SessionRecords
  readonly #notes: Notes
  readonly #nameWords: number
  readonly #metadataWords: number
  /** The control word of a slot that this agent writes. */
  readonly #writing: number

  constructor(words: Int32Array, layout: StoreLayout, records: SessionRecords, notes: Notes) {
    this.#words = words
    this.#records = records
    this.#notes = notes
    this.#nameWords = layout.nameWords
    this.#metadataWords = layout.metadataWords
    this.#writing = ownedBy(notes.agent, WRITING)
  }

  /**
   * Takes the right to write a slot's record, if the control word still is `control`; returns whether it did. This is the
   * compare-and-swap that makes an update one step. `control` must be in the state ACTIVE. `write` says
   * what the caller will do: `Write.COUNT`, what `beforeSetting` has returned, or nothing else before `overwrite`.
   */
  enter(slot: number, control: number, write: Write = Write.NOTHING): boolean {
    this.#notes.beforeEntering(slot, control, this.#records.recordAt(slot), write)
    return this.#records.move(slot, control, this.#writing)
  }

  /**
   * Takes the right to write the live session in a slot, if it was inserted with the control word `born`. Returns the control
   * word from before, which `leave` needs; FREE if the session is not there or a writer is inside.
   */
  enterBorn(slot: number, born: number, write: Write = Write.NOTHING): number {
    const control = this.#records.control(slot)
    if (stateOf(control) !== ACTIVE) return FREE
    // The two reads come first, and `enter` validates them. If the agent entered first, an expired session would meanwhile
    // count as active.
    return this.#records.born(slot) === born && !this.#records.isExpired(slot) && this.enter(slot, control, write)
      ? control
      : FREE
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
    this.#words[this.#records.recordAt(slot) + RECORD.prefetch] = 0
  }

  /** Counts an access in a record that the caller has entered, leaves the record, and returns the new count. */
  countAndLeave(slot: number, control: number, now: number): number {
    const count = this.#countAccess(slot, now)
    this.leave(slot, control)
    return count
  }

  /**
   * Sets a metadata key and counts an access in a record that the caller has entered, and leaves the record. Throws
   * TextTooLongError or CorruptStoreError; the record is then left unchanged.
   */
  setAndLeave(slot: number, control: number, entry: Entry, now: number): void {
    try {
      this.putEntry(slot, entry)
    } catch (refusal) {
      this.#leaveAs(slot, control)
      throw refusal
    }
    this.#countAccess(slot, now)
    this.leave(slot, control)
  }

  /**
   * Sets an entry in a record that the caller has entered. Throws TextTooLongError or CorruptStoreError; the record is then unchanged.
   */
  putEntry(slot: number, entry: Entry): void {
    const words = this.#words
    const record = this.#records.recordAt(slot)
    const text = record + RECORD.text
    const start = text + this.#records.nameWords(slot)
    const end = text + words[record + RECORD.textWords]!
    this.#checkEnds(text, start, end, slot)
    const at = findKey(words, start, end, entry)
    const before = at === end ? 0 : entryWords(words, at)
    if (at + before > end) throw this.#damage(slot)
    checkFits(end - start - before + entry.size, this.#metadataWords)
    if (before === entry.size) return replaceValue(words, at, entry)
    this.#notes.keepText(record, at - text, end - at)
    replaceEntry(words, at, before, end, entry)
    words[record + RECORD.textWords] = end - text - before + entry.size
  }

  /**
   * Throws CorruptStoreError unless the metadata from word `start` up to `end` lie where a record has room for them. An agent that wrote
   * according to other words would write into other records.
   */
  #checkEnds(text: number, start: number, end: number, slot: number): void {
    if (start > text + this.#nameWords || start < text + NAMES || end > start + this.#metadataWords)
      throw this.#damage(slot)
  }

  #damage(slot: number): CorruptStoreError {
    const at = this.#records.textAt(slot)
    const text = this.#words.slice(at, at + this.#nameWords + this.#metadataWords)
    return corruptText(
      slot,
      text,
      this.#records.nameWords(slot),
      this.#words[this.#records.recordAt(slot) + RECORD.textWords]!,
    )
  }

  /**
   * Sets the value of a key that has one of the same size, in a record that the caller owns; returns false if there is none. Throws
   * CorruptStoreError.
   */
  putValue(slot: number, entry: Entry): boolean {
    const text = this.#records.textAt(slot)
    const start = text + this.#records.nameWords(slot)
    const end = text + this.#words[this.#records.recordAt(slot) + RECORD.textWords]!
    this.#checkEnds(text, start, end, slot)
    const at = findKey(this.#words, start, end, entry)
    if (at > end) throw this.#damage(slot)
    if (at === end || entryWords(this.#words, at) !== entry.size) return false
    replaceValue(this.#words, at, entry)
    return true
  }

  /** Adds one to the access count and to the version, sets the last activity, and returns the new count. */
  #countAccess(slot: number, now: number): number {
    const words = this.#words
    const at = this.#records.recordAt(slot)
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
    const at = this.#records.recordAt(slot)
    const before = Atomics.exchange(this.#words, at, control)
    if (stateOf(before) === AWAITED) this.wake(slot)
  }

  /** Wakes the agents that wait until no writer is inside a slot. */
  wake(slot: number): void {
    Atomics.notify(this.#words, this.#records.recordAt(slot))
  }

  /** Writes an image into a slot's record, except the control word. The caller must have claimed or entered the slot. */
  fill(slot: number, image: Image): void {
    this.#words[this.#records.recordAt(slot) + RECORD.accessCount] = image.record[RECORD.accessCount]!
    this.fillMetadata(slot, image)
  }

  /**
   * Writes an image into a slot's record, except the control word and the access count, to which other agents may be adding. The
   * caller must have claimed or entered the slot.
   */
  fillMetadata(slot: number, { record, text }: Image): void {
    const at = this.#records.recordAt(slot)
    for (let word = FIRST_DATA; word <= LAST_DATA; word++) this.#words[at + word] = record[word]!
    copyIn(this.#words, this.#records.textAt(slot), text, record[RECORD.textWords]!)
  }

  /** Writes an image over the record of a slot that the caller has entered. */
  overwrite(slot: number, image: Image): void {
    this.#notes.keepRecord(this.#records.recordAt(slot))
    this.fill(slot, image)
  }
}
