/**
 * How many slots of a store are taken. It is never more than the capacity, so at most two thirds of the slots are ever taken.
 *
 * A slot and the count of slots are two words. An agent that is killed between their changes leaves a count that is too high. How
 * many slots are taken is then counted again, while no agent changes any: each notes when it begins and ends to do so, and waits while
 * another one counts.
 */
import { deadlineIn } from '../sync/deadline.ts'
import { FREE, stateOf } from './control.ts'
import { SessionBusyError } from './errors.ts'
import { NOTES, STATS } from './layout.ts'
import type { StoreLayout } from './layout.ts'
import { notesAt } from './notes.ts'
import type { Notes } from './notes.ts'
import type { SessionRecords } from './records.ts'

/** For how many milliseconds a recount waits until no agent changes the count. A change takes about a microsecond. */
const QUIET_MS = 100

/** One agent's view of the count of taken slots. */
export class Occupancy {
  readonly #words: Int32Array
  readonly #layout: StoreLayout
  readonly #records: SessionRecords
  readonly #notes: Notes
  readonly #stats: number

  constructor(words: Int32Array, layout: StoreLayout, records: SessionRecords, notes: Notes) {
    this.#words = words
    this.#layout = layout
    this.#records = records
    this.#notes = notes
    this.#stats = layout.at.stats
  }

  /**
   * Counts one more slot, calls `claim` to take it, and returns what that returns; undefined if the store is full, or if `claim` finds
   * no slot. The slot is counted before it is taken.
   */
  take<Claimed>(claim: () => Claimed | undefined): Claimed | undefined {
    this.#begin()
    try {
      if (!this.#reserve()) return undefined
      const claimed = claim()
      if (claimed === undefined) this.#return()
      return claimed
    } finally {
      this.#end()
    }
  }

  /** Calls `free`, which must free a slot, and counts one slot less. */
  giveBack(free: () => void): void {
    this.#begin()
    try {
      free()
      this.#return()
    } finally {
      this.#end()
    }
  }

  /** Notes that a killed agent may have left the count too high. */
  distrust(): void {
    Atomics.store(this.#words, this.#stats + STATS.isMiscounted, 1)
  }

  /**
   * Counts the taken slots again if the count may be too high, and returns how many it was too many. Returns undefined if that could
   * not be done, because an agent that changes the count did not come to its end of it in time, or another one counts already.
   */
  recount(): number | undefined {
    if (Atomics.load(this.#words, this.#stats + STATS.isMiscounted) === 0) return 0
    const counter = this.#stats + STATS.recount
    if (Atomics.compareExchange(this.#words, counter, 0, this.#notes.agent) !== 0) return undefined
    try {
      return this.#isQuiet() ? this.#correct() : undefined
    } finally {
      this.endRecount(this.#notes.agent)
    }
  }

  /** Ends the recount of an agent, if it counts, and wakes those who wait for that. */
  endRecount(agent: number): void {
    const counter = this.#stats + STATS.recount
    Atomics.compareExchange(this.#words, counter, agent, 0)
    // Also if it does not count: it may have been killed when it had ended its recount, and not yet woken them.
    Atomics.notify(this.#words, counter)
  }

  /** Waits until no agent changes the count; returns whether that came in time. None begins while `recount` is not 0. */
  #isQuiet(): boolean {
    const deadline = deadlineIn(QUIET_MS)
    for (let number = 0; number < this.#layout.agents; number++) {
      const section = notesAt(this.#layout, number) + NOTES.section
      for (;;) {
        const seen = Atomics.load(this.#words, section)
        if ((seen & 1) === 0) break
        if (deadline.left() === 0) return false
        Atomics.wait(this.#words, section, seen, 1)
      }
    }
    const { unlistedBegun, unlistedEnded } = STATS
    for (;;) {
      const ended = Atomics.load(this.#words, this.#stats + unlistedEnded)
      if (Atomics.load(this.#words, this.#stats + unlistedBegun) === ended) return true
      if (deadline.left() === 0) return false
      Atomics.wait(this.#words, this.#stats + unlistedEnded, ended, 1)
    }
  }

  #correct(): number {
    let taken = 0
    for (let slot = 0; slot < this.#layout.slots; slot++) if (stateOf(this.#records.control(slot)) !== FREE) taken++
    const occupied = this.#stats + STATS.occupied
    const excess = Atomics.load(this.#words, occupied) - taken
    Atomics.sub(this.#words, occupied, excess)
    Atomics.store(this.#words, this.#stats + STATS.isMiscounted, 0)
    return excess
  }

  /** Notes that this agent is about to change the count, once no agent counts. */
  #begin(): void {
    if (this.#layout.agents === 0) return
    for (;;) {
      this.#turn(STATS.unlistedBegun)
      const counter = Atomics.load(this.#words, this.#stats + STATS.recount)
      if (counter === 0) return
      this.#turn(STATS.unlistedEnded)
      this.#await(counter)
    }
  }

  #end(): void {
    if (this.#layout.agents > 0) this.#turn(STATS.unlistedEnded)
  }

  #turn(unlisted: number): void {
    if (this.#notes.areShared) this.#notes.turn()
    else Atomics.add(this.#words, this.#stats + unlisted, 1)
  }

  #await(counter: number): void {
    const { patience } = this.#records
    const at = this.#stats + STATS.recount
    if (patience === Infinity) Atomics.wait(this.#words, at, counter)
    else if (Atomics.wait(this.#words, at, counter, patience) === 'timed-out')
      throw new SessionBusyError(counter - 1, patience)
  }

  #reserve(): boolean {
    const at = this.#stats + STATS.occupied
    let occupied = Atomics.load(this.#words, at)
    while (occupied < this.#layout.capacity) {
      const before = Atomics.compareExchange(this.#words, at, occupied, occupied + 1)
      if (before === occupied) return true
      occupied = before
    }
    return false
  }

  #return(): void {
    Atomics.sub(this.#words, this.#stats + STATS.occupied, 1)
  }
}
