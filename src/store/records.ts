/**
 * The records of a store, one per slot: which agent owns a slot, what its record holds, and whether what was read is still valid. The
 * table decides which session is in which slot, and `record-writer.ts` writes the records.
 */
import { copyOut, wordsAt } from '../memory/text.ts'
import {
  ACTIVE,
  AWAITED,
  CLAIMED,
  CLEANING,
  DEAD_LETTER,
  DELETED,
  WRITING,
  isLive,
  nextSequence,
  ownedBy,
  ownerOf,
  stateOf,
  withState,
} from './control.ts'
import { RECORD, RECORD_WORDS } from './layout.ts'
import type { StoreLayout } from './layout.ts'
import { controlProblem, corruptControl } from './damage.ts'
import { findKey } from './metadata.ts'
import type { Entry } from './metadata.ts'
import type { Candidate } from './evict.ts'
import { decodeTime } from './record.ts'
import type { Image } from './record.ts'
import type { Notes } from './notes.ts'
import { NAMES } from './session.ts'
import type { Waiting } from './waiting.ts'

/**
 * A slot and the control word that it had: the stamp of an optimistic read. Every change of the record changes the control word,
 * and the stamp is then stale.
 */
export interface Stamp {
  readonly slot: number
  readonly control: number
}

/** How often an agent reads the control word again before it sleeps: for about as long as a write takes. */
const SPINS = 50

/** One agent's view of the records of a store. */
export class SessionRecords {
  readonly #words: Int32Array
  readonly #start: number
  readonly #stride: number
  readonly #notes: Notes
  /** The control words of the slots that this agent claims and cleans. */
  readonly #claimed: number
  readonly #cleaning: number
  readonly #waiting: Waiting

  constructor(words: Int32Array, layout: StoreLayout, notes: Notes, waiting: Waiting) {
    this.#waiting = waiting
    this.#notes = notes
    this.#claimed = ownedBy(notes.agent, CLAIMED)
    this.#cleaning = ownedBy(notes.agent, CLEANING)
    this.#words = words
    this.#start = layout.at.session
    this.#stride = layout.fields.session.element.words
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
   * becomes DELETED. Throws CorruptStoreError for a state that does not exist.
   */
  countedState(slot: number): number {
    for (;;) {
      const control = this.control(slot)
      if (!isLive(control)) return stateOf(this.#checked(slot, control))
      // The writer inside found that the session had not expired.
      if (stateOf(control) !== ACTIVE || !this.isExpired(slot)) return ACTIVE
      // If the word has changed, another agent may have given the session more time: look again.
      if (this.end(slot, control)) return DELETED
    }
  }

  /** Returns the control word. Throws CorruptStoreError if its state does not exist, or it names no owner where there must be one. */
  #checked(slot: number, control: number): number {
    if (controlProblem(control) !== undefined) throw corruptControl(slot, control)
    return control
  }

  /**
   * Returns whether the session in a slot has expired. An expired session is visible to no agent, and the clean-up frees it. The
   * caller must validate the answer, with `isStill` or by changing the control word. An agent that acts on it must call `end`: without
   * that, the session would come back if the clock were set back.
   */
  isExpired(slot: number): boolean {
    const at = this.recordAt(slot) + RECORD.expiresAt
    // Most sessions of most stores never expire. For those the clock is not read.
    if ((this.#words[at]! | this.#words[at + 1]!) === 0) return false
    return decodeTime(this.#words, at) <= Date.now()
  }

  /** Reads what an eviction of the session in a slot is decided on. The caller must validate it by changing the control word. */
  readCandidate(slot: number, into: { -readonly [Name in keyof Candidate]: Candidate[Name] }): void {
    const at = this.recordAt(slot)
    into.isAuthenticated = this.#words[at + RECORD.isAuthenticated] === 1
    into.lastActivity = decodeTime(this.#words, at + RECORD.lastActivity)
    into.expiresAt = decodeTime(this.#words, at + RECORD.expiresAt) || Infinity
    into.accessCount = this.#words[at + RECORD.accessCount]! >>> 0
  }

  /** Changes the session in a slot to DELETED if it has expired; returns whether it did. */
  expire(slot: number): boolean {
    const control = this.control(slot)
    return stateOf(control) === ACTIVE && this.isExpired(slot) && this.end(slot, control)
  }

  /** Changes a live session to DELETED, if its control word still is `control`; returns whether it did. */
  end(slot: number, control: number): boolean {
    return this.move(slot, control, nextSequence(control, DELETED))
  }

  /** Returns whether the session in a slot is deleted and its time is up as well, as after `end`. */
  isOver(slot: number): boolean {
    return stateOf(this.control(slot)) === DELETED && this.isExpired(slot)
  }

  /** Counts a failed clean-up of the session in a slot, and returns how many there have been. The caller must own the slot. */
  countAttempt(slot: number): number {
    return (Atomics.add(this.#words, this.recordAt(slot) + RECORD.attempts, 1) + 1) >>> 0
  }

  /**
   * Waits until no writer is inside and returns the control word. Spins for a moment, then sleeps until the writer leaves. Throws
   * SessionBusyError if the writer does not leave in time, and CorruptStoreError if the state does not exist or the writer is no agent.
   */
  settled(slot: number): number {
    const at = this.recordAt(slot)
    for (let spin = 0; ; spin++) {
      const seen = Atomics.load(this.#words, at)
      const state = stateOf(seen)
      if (state !== WRITING && state !== AWAITED) return state <= DEAD_LETTER ? seen : this.#checked(slot, seen)
      if (spin < SPINS) continue
      this.#checked(slot, seen)
      const awaited = withState(seen, AWAITED)
      if (seen === awaited || this.move(slot, seen, awaited)) this.#waiting.for(ownerOf(awaited)!, at, awaited)
    }
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
  copyOut(slot: number, image: Image): void {
    const { record, text } = image
    image.slot = slot
    // Copies all words except the control word, which is only read atomically.
    copyOut(record, this.#words, this.recordAt(slot), RECORD_WORDS, RECORD.control + 1)
    // A record that is being written may claim any length. The caller discards the copy then.
    const used = Math.min(record[RECORD.textWords]! >>> 0, text.length)
    copyOut(text, this.#words, this.textAt(slot), used)
  }

  /**
   * Copies the value of a metadata key to the beginning of an image's text, and returns how many words it takes: 0 if there is no such
   * key, -1 if the metadata cannot be. The caller must validate both with `isStill`, and discard them if that returns false.
   */
  copyValue(slot: number, key: Entry, { text }: Image): number {
    const words = this.#words
    const start = this.textAt(slot)
    const used = words[this.recordAt(slot) + RECORD.textWords]!
    const names = this.nameWords(slot)
    if (names < NAMES || names > used || used > text.length) return -1
    const end = start + used
    const at = findKey(words, start + names, end, key)
    if (at >= end) return at === end ? 0 : -1
    const value = at + key.keyWords
    const size = wordsAt(words, value)
    if (value + size > end) return -1
    copyOut(text, words, value, size)
    return size
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
   * Moves a slot to another state and to the sequence after that of `control`; returns the new control word. The caller must own the
   * slot, or it must be in a state that no other agent moves it from.
   */
  change(slot: number, control: number, state: number): number {
    const to = nextSequence(control, state)
    Atomics.store(this.#words, this.recordAt(slot), to)
    return to
  }
}
