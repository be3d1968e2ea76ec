/**
 * The hash table of sessions: finds, claims and frees slots by id. Finding and creating are lock-free with one exception: they
 * wait while another agent writes the session. An agent that is killed inside a write blocks that session, and one that
 * is killed between claiming a slot and freeing it leaks the slot, until another agent mends it. Neither blocks any other session.
 *
 * Open addressing: the hash of an id gives a slot, its home, and a session goes into the first free slot from there. The `reach`
 * of a home is one more than the greatest distance at which a session of that home has ever been; a search ends there. A reach
 * only grows. If two agents create the same id at the same time, there are two slots with that id for a moment. Before either
 * becomes visible, one of the two is made to collide.
 *
 * After C. Purcell and T. Harris, "Non-blocking Hashtables with Open Addressing" (DISC 2005), with two departures. Reaches are
 * never lowered: at most two thirds of the slots are taken, so they stay short. A slot that was found is validated by the sequence
 * in its control word.
 */
import { hashOf } from '../memory/hash.ts'
import { raiseTo } from '../memory/raise.ts'
import { sameWords, wordsAt } from '../memory/text.ts'
import type { RESERVING } from './control.ts'
import {
  ACTIVE,
  CLAIMED,
  COLLIDED,
  FREE,
  INSERTING,
  RESERVED,
  withState,
  isInserting,
  isTaken,
  nextSequence,
  ownerOf,
  stateOf,
} from './control.ts'
import { corruptReach } from './damage.ts'
import { ENTRY, ENTRY_WORDS, RECORD } from './layout.ts'
import type { StoreLayout } from './layout.ts'
import type { Notes } from './notes.ts'
import type { Occupancy } from './occupancy.ts'
import type { Image } from './record.ts'
import type { RecordWriter } from './record-writer.ts'
import type { Stamp, SessionRecords } from './records.ts'

interface Parts {
  readonly records: SessionRecords
  readonly writer: RecordWriter
  readonly occupancy: Occupancy
  readonly notes: Notes
}

/** One agent's view of the table. */
export class SessionTable {
  readonly #slots: number
  readonly #words: Int32Array
  readonly #records: SessionRecords
  readonly #slotsPerHash: number
  readonly #index: number
  readonly #occupancy: Occupancy
  readonly #writer: RecordWriter
  readonly #notes: Notes

  constructor(words: Int32Array, layout: StoreLayout, { records, writer, occupancy, notes }: Parts) {
    this.#writer = writer
    this.#occupancy = occupancy
    this.#notes = notes
    this.#slots = layout.slots
    this.#records = records
    this.#words = words
    this.#slotsPerHash = layout.slots / 2 ** 32
    this.#index = layout.at.index
  }

  /**
   * Returns the stamp of the live session whose id is encoded in `id`, or undefined if there is none. Waits while a writer is
   * inside the session. The caller must validate the stamp, with `isStill` or by writing. Throws CorruptStoreError.
   */
  find(id: Int32Array): Stamp | undefined {
    const hash = hashOf(id)
    const home = this.#home(hash)
    const reach = this.#reachOf(home)
    for (let distance = 0; distance < reach; distance++) {
      const slot = this.#slotFrom(home, distance)
      if (Atomics.load(this.#words, this.#entryAt(slot) + ENTRY.hash) !== hash) continue
      const control = this.#records.settled(slot)
      if (stateOf(control) !== ACTIVE || !this.#holds(slot, id)) continue
      if (!this.#records.isExpired(slot)) return { slot, control }
      // If the word has changed, another agent may have given the session more time: look again.
      if (!this.#records.end(slot, control)) distance--
    }
    return undefined
  }

  /**
   * Inserts the session in the image and returns its slot, or says that the id is taken or the store is full. With INSERTING the
   * session is visible at once; with RESERVING its slot is RESERVED, and the caller makes it visible. Throws SessionBusyError or
   * CorruptStoreError.
   */
  insert(image: Image, as: typeof INSERTING | typeof RESERVING): number | 'exists' | 'full' {
    const hash = hashOf(image.text)
    const home = this.#home(hash)
    const free = this.#occupancy.take(() => this.#claim(home))
    // A full store still says 'exists' if the id is taken.
    if (free === undefined) return this.takenSlot(image.text) === undefined ? 'full' : 'exists'
    const { slot } = free
    const distance = this.#distance(home, slot)
    let last = nextSequence(free.control, CLAIMED)
    this.#writer.fill(slot, image)
    this.#writeEntry(slot, hash, last)
    try {
      this.#raiseReach(home, distance + 1)
    } catch (damage) {
      this.free(slot, last)
      throw damage
    }
    for (;;) {
      this.#notes.beforeOwning(slot, nextSequence(last, as))
      const mine = this.#records.change(slot, last, as)
      const isOnly = this.#decide(home, distance, mine, image.text)
      // The control word holds the decision, whichever agent made it. If it is not COLLIDED, the session is inserted, and another
      // agent may have changed it since.
      if (this.#records.control(slot) !== withState(mine, COLLIDED)) return slot
      if (!isOnly) {
        this.free(slot, mine)
        return 'exists'
      }
      last = mine
      // This agent completed the insertion of a rival, which made the session collide. The next round finds the rival, or finds
      // that it is gone again.
    }
  }

  /**
   * Returns the slot of the session that has taken the id encoded in `id`, or undefined. The session may be reserved, live, not yet
   * cleaned up or a dead letter.
   */
  takenSlot(id: Int32Array): number | undefined {
    const home = this.#home(hashOf(id))
    const reach = this.#reachOf(home)
    for (let distance = 0; distance < reach; distance++) {
      const slot = this.#slotFrom(home, distance)
      const rival = this.#rival(slot, id)
      if (rival !== undefined && isTaken(rival)) return slot
    }
    return undefined
  }

  /**
   * Frees a slot that the caller owns, and whose control word was or is `control`; gives back its share of the capacity. Returns how many
   * slots were taken before; 0 if that is not known.
   */
  free(slot: number, control: number): number {
    return this.#occupancy.giveBack(() => this.#records.change(slot, control, FREE))
  }

  /** Claims the first free slot from `home`, and returns it with its control word before; undefined if no slot is free. */
  #claim(home: number): Stamp | undefined {
    for (let distance = 0; distance < this.#slots; distance++) {
      const slot = this.#slotFrom(home, distance)
      const control = this.#records.control(slot)
      if (stateOf(control) === FREE && this.#records.claim(slot, control)) return { slot, control }
    }
    return undefined
  }

  /** Decides on the session that is being inserted in a slot with the control word `mine`, in place of its agent. */
  settle(slot: number, mine: number, id: Int32Array): void {
    const home = this.#home(hashOf(id))
    this.#decide(home, this.#distance(home, slot), mine, id)
  }

  /** Writes what the index and the record hold of a new session beside its image. */
  #writeEntry(slot: number, hash: number, born: number): void {
    const record = this.#records.recordAt(slot)
    Atomics.store(this.#words, this.#entryAt(slot) + ENTRY.hash, hash)
    Atomics.store(this.#words, record + RECORD.attempts, 0)
    Atomics.store(this.#words, record + RECORD.born, born)
  }

  /**
   * Decides whether the session that is being inserted at `distance` from `home` is the only one with its id. If it is, its
   * insertion is completed and the answer is true; otherwise it is made to collide and the answer is false. Any agent may decide
   * for any other. Of two insertions of one id, the one nearer to the home is completed and the other is made to collide.
   */
  #decide(home: number, distance: number, mine: number, id: Int32Array): boolean {
    const slot = this.#slotFrom(home, distance)
    const reach = this.#reachOf(home)
    for (let other = 0; other < reach; other++) {
      if (other === distance) continue
      const at = this.#slotFrom(home, other)
      const rival = this.#rival(at, id)
      if (rival === undefined) continue
      if (!isInserting(rival)) {
        this.#records.move(slot, mine, withState(mine, COLLIDED))
        return false
      }
      if (other < distance) {
        this.#records.move(slot, mine, withState(mine, COLLIDED))
        return this.#decide(home, other, rival, id)
      }
      // If the rival's word changed before this agent made it collide, the rival is looked at again in its new state.
      if (this.#records.control(slot) === mine && !this.#records.move(at, rival, withState(rival, COLLIDED))) other--
    }
    this.#records.move(slot, mine, withState(mine, stateOf(mine) === INSERTING ? ACTIVE : RESERVED))
    return true
  }

  /**
   * Returns the control word of a slot that holds the id and is being inserted or has taken it; undefined for any other slot. The
   * word is validated after the comparison of the id.
   */
  #rival(slot: number, id: Int32Array): number | undefined {
    for (;;) {
      const control = this.#records.control(slot)
      if (!isInserting(control) && !isTaken(control)) return undefined
      const born = this.#records.born(slot)
      if (!this.#holds(slot, id)) return undefined
      if (!this.#records.isStill(slot, control)) continue
      // The word of a slot that is owned has no sequence: its owner may have left it and come back to another session.
      if (ownerOf(control) === undefined || this.#records.born(slot) === born) return control
    }
  }

  /** Returns whether the slot's text begins with the id. The caller must validate the answer. */
  #holds(slot: number, id: Int32Array): boolean {
    return sameWords(this.#words, this.#records.textAt(slot), id, wordsAt(id, 0))
  }

  /** Returns the reach of a home. Throws CorruptStoreError if it is not a number of slots. */
  #reachOf(home: number): number {
    const reach = Atomics.load(this.#words, this.#entryAt(home) + ENTRY.reach)
    if (reach >>> 0 > this.#slots) throw corruptReach(home, reach, this.#slots)
    return reach
  }

  /** Makes the reach of a home at least `reach`. Throws CorruptStoreError. */
  #raiseReach(home: number, reach: number): void {
    this.#reachOf(home)
    raiseTo(this.#words, this.#entryAt(home) + ENTRY.reach, reach)
  }

  /** Returns the word at which a slot's entry in the index begins. */
  #entryAt(slot: number): number {
    return this.#index + slot * ENTRY_WORDS
  }

  /** Returns the home of a hash. It scales the hash, which is cheaper than the remainder by a number that is not a power of two. */
  #home(hash: number): number {
    return ((hash >>> 0) * this.#slotsPerHash) | 0
  }

  #distance(home: number, slot: number): number {
    return slot < home ? slot + this.#slots - home : slot - home
  }

  /** Returns the slot at a distance from a home. The last slot is followed by the first. */
  #slotFrom(home: number, distance: number): number {
    const slot = home + distance
    return slot < this.#slots ? slot : slot - this.#slots
  }
}
