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
 * lowered (they stay short, for at most two thirds of the slots are taken), and what was found is confirmed by the sequence in
 * the control word.
 */
import { hashOf } from '../memory/hash.ts'
import { sameWords, wordsAt } from '../memory/text.ts'
import {
  ACTIVE,
  CLAIMED,
  COLLIDED,
  FREE,
  INSERTING,
  RESERVED,
  RESERVING,
  inState,
  isInserting,
  isTaken,
  next,
  stateOf,
} from './control.ts'
import { ENTRY, RECORD, STATS, type StoreLayout } from './layout.ts'
import type { Image } from './record.ts'
import type { Place, SessionRecords } from './records.ts'

const ENTRY_WORDS = 2

export class SessionTable {
  readonly slots: number
  readonly #words: Int32Array
  readonly #records: SessionRecords
  readonly #slotsPerHash: number
  readonly #index: number
  readonly #capacity: number
  /** How many places are taken. */
  readonly #occupied: number

  constructor(words: Int32Array, layout: StoreLayout, records: SessionRecords) {
    this.slots = layout.slots
    this.#records = records
    this.#words = words
    this.#slotsPerHash = layout.slots / 2 ** 32
    this.#index = layout.at.index
    this.#capacity = layout.capacity
    this.#occupied = layout.at.stats + STATS.occupied
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
      const control = this.#records.settled(slot)
      if (stateOf(control) !== ACTIVE || !this.#holds(slot, id)) continue
      if (!this.#records.isExpired(slot)) return { slot, control }
      // Unless it was given more time while we looked.
      if (!this.#records.isStill(slot, control)) distance--
    }
    return undefined
  }

  /**
   * Puts the image's session into a free slot, unless its id is taken or the store is full: visible at once, or reserved for
   * the caller to make visible. Returns the slot.
   */
  insert(image: Image, as: typeof INSERTING | typeof RESERVING): number | 'exists' | 'full' {
    // Not for its fullness does a full store refuse an id that is taken.
    if (!this.#reservePlace()) return this.takenSlot(image.text) === undefined ? 'full' : 'exists'
    const hash = hashOf(image.text)
    const home = this.#home(hash)
    const distance = this.#claim(home)
    if (distance === undefined) {
      this.#returnPlace()
      return 'full'
    }
    const slot = this.#slotFrom(home, distance)
    this.#records.fill(slot, image)
    Atomics.store(this.#words, this.#entryAt(slot) + ENTRY.hash, hash)
    Atomics.store(this.#words, this.#records.recordAt(slot) + RECORD.attempts, 0)
    Atomics.store(this.#words, this.#records.recordAt(slot) + RECORD.born, this.#records.control(slot))
    this.#raiseReach(home, distance + 1)
    for (;;) {
      const mine = this.#records.change(slot, as)
      const only = this.#decide(home, distance, mine, image.text)
      // Whoever decided, it stands in the control word: collided, or else in (and perhaps changed since).
      if (this.#records.control(slot) !== inState(mine, COLLIDED)) return slot
      if (!only) {
        this.free(slot)
        return 'exists'
      }
      // A rival that was helped in has taken the id; another look will find it, or find it gone again.
    }
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

  /** Empties a slot that is the caller's and gives its place back. */
  free(slot: number): void {
    this.#records.change(slot, FREE)
    this.#returnPlace()
  }

  /** A place is reserved before a slot is claimed, so that the table never fills past two thirds. */
  #reservePlace(): boolean {
    let occupied = Atomics.load(this.#words, this.#occupied)
    while (occupied < this.#capacity) {
      const before = Atomics.compareExchange(this.#words, this.#occupied, occupied, occupied + 1)
      if (before === occupied) return true
      occupied = before
    }
    return false
  }

  #returnPlace(): void {
    Atomics.sub(this.#words, this.#occupied, 1)
  }

  /** Claims the first free slot from home; its distance. */
  #claim(home: number): number | undefined {
    for (let distance = 0; distance < this.slots; distance++) {
      const slot = this.#slotFrom(home, distance)
      const control = this.#records.control(slot)
      if (stateOf(control) === FREE && this.#records.move(slot, control, next(control, CLAIMED))) return distance
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
        this.#records.move(slot, mine, inState(mine, COLLIDED))
        return false
      }
      if (other < distance) {
        this.#records.move(slot, mine, inState(mine, COLLIDED))
        return this.#decide(home, other, rival, id)
      }
      // If the rival got through before it could collide, it is looked at again, as what it has become.
      if (this.#records.control(slot) === mine && !this.#records.move(at, rival, inState(rival, COLLIDED))) other--
    }
    this.#records.move(slot, mine, inState(mine, stateOf(mine) === INSERTING ? ACTIVE : RESERVED))
    return true
  }

  /** The control word of a slot that holds the id and is inserting or taken, confirmed after the id was compared. */
  #rival(slot: number, id: Int32Array): number | undefined {
    for (;;) {
      const control = this.#records.control(slot)
      if (!isInserting(control) && !isTaken(control)) return undefined
      if (!this.#holds(slot, id)) return undefined
      if (this.#records.isStill(slot, control)) return control
    }
  }

  #holds(slot: number, id: Int32Array): boolean {
    return sameWords(this.#words, this.#records.textAt(slot), id, wordsAt(id, 0))
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
