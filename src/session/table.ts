/**
 * The table of sessions: finds, claims and frees slots by id. Finding and creating are lock-free but for one thing: a session
 * that is being written is waited for. An agent that is killed inside a write blocks that session, and one that is killed
 * between claiming a slot and giving it back leaks the slot; neither blocks any other session.
 *
 * Open addressing: a session sits in the first free slot from where its hash begins (its home). Each home's `reach` bounds
 * how far its sessions have ever sat, which is where a search may end; it only grows. Two agents that create one id at once
 * sit in two slots for a moment; before either becomes visible, one is found to be second and collides.
 *
 * After C. Purcell and T. Harris, "Non-blocking Hashtables with Open Addressing" (DISC 2005). Departures: reaches are never
 * lowered (they stay short while at most two thirds of the slots are taken, which the store sees to), and what was found is
 * confirmed by the sequence in the control word.
 */
import { copyIn, sameWords, wordsAt } from '../memory/text.ts'
import {
  ACTIVE,
  AWAITED,
  CLAIMED,
  COLLIDED,
  DELETED,
  FREE,
  INSERTING,
  RESERVED,
  RESERVING,
  WRITING,
  inState,
  isInserting,
  isLive,
  isTaken,
  next,
  stateOf,
} from './control.ts'
import { ENTRY, RECORD, type StoreLayout } from './layout.ts'
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

const ENTRY_WORDS = 2

/** How often a waiter looks again before it sleeps: about as long as a write takes. */
const SPINS = 50

export class SessionTable {
  readonly slots: number
  readonly #words: Int32Array
  readonly #slotsPerHash: number
  readonly #records: number
  readonly #recordStride: number
  readonly #index: number
  readonly #metadataWords: number

  constructor(words: Int32Array, layout: StoreLayout) {
    this.slots = layout.slots
    this.#slotsPerHash = layout.slots / 2 ** 32
    this.#words = words
    this.#records = layout.at.session
    this.#recordStride = layout.fields.session.element.words
    this.#index = layout.at.index
    this.#metadataWords = layout.metadataWords
  }

  /** Where a slot's record begins. */
  recordAt(slot: number): number {
    return this.#records + slot * this.#recordStride
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

  /**
   * The live session with the id whose encoded text is given; waits for a writer to finish. To be confirmed, by writing it or
   * by `isStill`.
   */
  find(id: Int32Array): Place | undefined {
    const hash = hashOf(id)
    const home = this.#home(hash)
    const reach = Atomics.load(this.#words, this.#entryAt(home) + ENTRY.reach)
    for (let distance = 0; distance < reach; distance++) {
      const slot = this.#slotFrom(home, distance)
      if (Atomics.load(this.#words, this.#entryAt(slot) + ENTRY.hash) !== hash) continue
      const control = this.#settled(slot)
      if (stateOf(control) !== ACTIVE || !this.#holds(slot, id)) continue
      if (!this.isExpired(slot)) return { slot, control }
      // Unless it was given more time while we looked.
      if (!this.isStill(slot, control)) distance--
    }
    return undefined
  }

  /** Which of all sessions that were ever there sits in a slot. To be confirmed. */
  born(slot: number): number {
    return this.#words[this.recordAt(slot) + RECORD.born]!
  }

  /** The place of the live session in a slot, if there is one; waits for a writer to finish. To be confirmed. */
  placeAt(slot: number): Place | undefined {
    const control = this.#settled(slot)
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

  /**
   * Puts the image's session into a free slot, unless its id is taken or no slot is free: visible at once, or reserved for
   * the caller to make visible. Returns the slot.
   */
  insert(image: Image, as: typeof INSERTING | typeof RESERVING): number | 'exists' | 'full' {
    const hash = hashOf(image.text)
    const home = this.#home(hash)
    const distance = this.#claim(home)
    if (distance === undefined) return 'full'
    const slot = this.#slotFrom(home, distance)
    this.fill(slot, image)
    Atomics.store(this.#words, this.#entryAt(slot) + ENTRY.hash, hash)
    Atomics.store(this.#words, this.recordAt(slot) + RECORD.attempts, 0)
    Atomics.store(this.#words, this.recordAt(slot) + RECORD.born, this.control(slot))
    this.#raiseReach(home, distance + 1)
    for (;;) {
      const mine = this.#change(slot, as)
      const only = this.#decide(home, distance, mine, image.text)
      // Whoever decided, it stands in the control word: collided, or else in (and perhaps changed since).
      if (this.control(slot) !== inState(mine, COLLIDED)) return slot
      if (!only) {
        this.#change(slot, FREE)
        return 'exists'
      }
      // A rival that was helped in has taken the id; another look will find it, or find it gone again.
    }
  }

  /** Whether the session in a slot has expired: it is not there for anybody, and due for clean-up. */
  isExpired(slot: number): boolean {
    const at = this.recordAt(slot) + RECORD.expiresAt
    const time = decodeTime(this.#words, at)
    // Most sessions of most stores never expire: for them the clock is not looked at.
    return time !== 0 && time <= Date.now()
  }

  /** The slot of the session that has taken the id whose encoded text is given: live, or not yet cleaned up. */
  takenSlot(id: Int32Array): number | undefined {
    const home = this.#home(hashOf(id))
    const reach = Atomics.load(this.#words, this.#entryAt(home) + ENTRY.reach)
    for (let distance = 0; distance < reach; distance++) {
      const slot = this.#slotFrom(home, distance)
      const rival = this.#rival(slot, id)
      if (rival !== undefined && isTaken(rival)) return slot
    }
    return undefined
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
    this.#change(slot, FREE)
  }

  /** Only for who owns the slot in a state that nobody else moves it from. */
  #change(slot: number, state: number): number {
    const to = next(this.control(slot), state)
    Atomics.store(this.#words, this.recordAt(slot), to)
    return to
  }

  /** Claims the first free slot from home; its distance. */
  #claim(home: number): number | undefined {
    for (let distance = 0; distance < this.slots; distance++) {
      const slot = this.#slotFrom(home, distance)
      const control = this.control(slot)
      if (stateOf(control) === FREE && this.move(slot, control, next(control, CLAIMED))) return distance
    }
    return undefined
  }

  /**
   * Decides whether the session being inserted so far from home is the only one of its id. If so it is in, and the answer is
   * true, else it collides and the answer is false. Any agent may decide for any other: an earlier insertion of
   * the id is helped, a later one is made to collide.
   */
  #decide(home: number, distance: number, mine: number, id: Int32Array): boolean {
    const slot = this.#slotFrom(home, distance)
    const reach = Atomics.load(this.#words, this.#entryAt(home) + ENTRY.reach)
    for (let other = 0; other < reach; other++) {
      if (other === distance) continue
      const at = this.#slotFrom(home, other)
      const rival = this.#rival(at, id)
      if (rival === undefined) continue
      if (!isInserting(rival)) {
        this.move(slot, mine, inState(mine, COLLIDED))
        return false
      }
      if (other < distance) {
        this.move(slot, mine, inState(mine, COLLIDED))
        return this.#decide(home, other, rival, id)
      }
      // If the rival got through before it could collide, it is looked at again, as what it has become.
      if (this.control(slot) === mine && !this.move(at, rival, inState(rival, COLLIDED))) other--
    }
    this.move(slot, mine, inState(mine, stateOf(mine) === INSERTING ? ACTIVE : RESERVED))
    return true
  }

  /** The control word of a slot that holds the id and is inserting or taken, confirmed after the id was compared. */
  #rival(slot: number, id: Int32Array): number | undefined {
    for (;;) {
      const control = this.control(slot)
      if (!isInserting(control) && !isTaken(control)) return undefined
      if (!this.#holds(slot, id)) return undefined
      if (this.isStill(slot, control)) return control
    }
  }

  #holds(slot: number, id: Int32Array): boolean {
    return sameWords(this.#words, this.textAt(slot), id, wordsAt(id, 0))
  }

  #raiseReach(home: number, reach: number): void {
    const at = this.#entryAt(home) + ENTRY.reach
    let seen = Atomics.load(this.#words, at)
    while (seen < reach) {
      const before = Atomics.compareExchange(this.#words, at, seen, reach)
      if (before === seen) return
      seen = before
    }
  }

  /** The control word once no writer is inside: looks again for a moment, then sleeps until the writer leaves. */
  #settled(slot: number): number {
    const at = this.recordAt(slot)
    for (let spin = 0; ; spin++) {
      const seen = Atomics.load(this.#words, at)
      if (stateOf(seen) !== WRITING && stateOf(seen) !== AWAITED) return seen
      if (spin < SPINS) continue
      const awaited = inState(seen, AWAITED)
      if (seen === awaited || this.move(slot, seen, awaited)) Atomics.wait(this.#words, at, awaited)
    }
  }

  /** Where a slot's place in the index begins. */
  #entryAt(slot: number): number {
    return this.#index + slot * ENTRY_WORDS
  }

  /** Scales a hash to a slot: cheaper than dividing by a number that is no power of two. */
  #home(hash: number): number {
    return ((hash >>> 0) * this.#slotsPerHash) | 0
  }

  #slotFrom(home: number, distance: number): number {
    const slot = home + distance
    return slot < this.slots ? slot : slot - this.slots
  }
}

/** Hash of an encoded text, which begins with its length. MurmurHash3's mixing (A. Appleby, public domain), a word at a time. */
function hashOf(text: Int32Array): number {
  let hash = 0
  for (let word = wordsAt(text, 0) - 1; word >= 0; word--) {
    let mixed = Math.imul(text[word]!, 0xcc9e2d51)
    mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
    hash ^= mixed
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
