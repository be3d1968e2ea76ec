/**
 * How many slots of a store are taken. It is never more than the capacity, so at most two thirds of the slots are ever taken.
 *
 * A slot and the count of slots are two words. An agent that is killed between their changes leaves a count that is too high. How
 * many slots are taken is then counted again, while no agent changes any: each notes when it begins and ends to do so, and waits while
 * another one counts.
 */
import { FIRST_THREAD } from '../sync/agent.ts'
import { deadlineIn } from '../sync/deadline.ts'
import { FREE, stateOf } from './control.ts'
import { checkAgent } from './damage.ts'
import { CorruptStoreError, SessionBusyError } from './errors.ts'
import { NOTES, STATS } from './layout.ts'
import type { StoreLayout } from './layout.ts'
import { notesAt } from './notes.ts'
import type { Notes } from './notes.ts'
import type { SessionRecords } from './records.ts'
import type { Waiting } from './waiting.ts'

/** For how many milliseconds a recount waits until no agent changes the count. A change takes about a microsecond. */
const QUIET_MS = 20

interface Parts {
  readonly records: SessionRecords
  readonly notes: Notes
  readonly waiting: Waiting
}

/** One agent's view of the count of taken slots. */
export class Occupancy {
  readonly #words: Int32Array
  readonly #layout: StoreLayout
  readonly #parts: Parts
  readonly #stats: number

  constructor(words: Int32Array, layout: StoreLayout, parts: Parts) {
    this.#words = words
    this.#layout = layout
    this.#parts = parts
    this.#stats = layout.at.stats
  }

  /**
   * Counts one more slot, calls `claim` to take it, and returns what that returns; undefined if the store is full, or if `claim` finds
   * no slot. The slot is counted before it is taken. Throws SessionBusyError or CorruptStoreError; then nothing has been changed.
   */
  take<Claimed>(claim: () => Claimed | undefined): Claimed | undefined {
    // A store may seem full because of the killed agents' slots. Every creation in a full store comes here, so none waits for the others.
    return this.#tryTake(claim) ?? (this.recount(0) ? this.#tryTake(claim) : undefined)
  }

  #tryTake<Claimed>(claim: () => Claimed | undefined): Claimed | undefined {
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

  /**
   * Calls `free`, which must free a slot, and counts one slot less: at once, or at the next recount if another agent counts for too long.
   * Returns the count before, or 0 if it is left to a recount.
   */
  giveBack(free: () => void): number {
    try {
      this.#begin(true)
    } catch (refusal) {
      if (!(refusal instanceof SessionBusyError || refusal instanceof CorruptStoreError)) throw refusal
      // The caller has done what it cannot undo, so its slot must become free.
      free()
      this.distrust()
      return 0
    }
    try {
      free()
      return this.#return()
    } finally {
      this.#end()
    }
  }

  /** Notes that a killed agent may have left the count too high. */
  distrust(): void {
    Atomics.store(this.#words, this.#stats + STATS.isMiscounted, 1)
  }

  /**
   * Counts the taken slots again if the count may be too high, and returns whether it has done so. It returns false as well if an agent
   * that changes the count does not come to its end of that within `quiet` milliseconds, or if another agent counts already; a later
   * recount will then do it.
   */
  recount(quiet = QUIET_MS): boolean {
    const doubt = this.#stats + STATS.isMiscounted
    if (Atomics.load(this.#words, doubt) === 0) return false
    const counter = this.#stats + STATS.recount
    const { agent } = this.#parts.notes
    if (Atomics.compareExchange(this.#words, counter, 0, agent) !== 0) return false
    // An agent that meanwhile frees a slot without counting it says so in the same word.
    Atomics.store(this.#words, doubt, 0)
    try {
      const isQuiet = this.#isQuiet(quiet)
      if (isQuiet) this.#correct()
      else this.distrust()
      return isQuiet
    } finally {
      this.#endCounting(agent)
    }
  }

  /** Ends the recount of an agent that was killed, if it was counting, and wakes the agents that wait for that. */
  endRecount(agent: number): void {
    if (Atomics.load(this.#words, this.#stats + STATS.recount) === agent) this.distrust()
    this.#endCounting(agent)
  }

  #endCounting(agent: number): void {
    const counter = this.#stats + STATS.recount
    Atomics.compareExchange(this.#words, counter, agent, 0)
    // A killed agent may have ended its recount, and not yet woken the agents that wait. So they are woken in any case.
    Atomics.notify(this.#words, counter)
  }

  /** Waits until no agent changes the count; returns whether that came in time. None begins while `recount` is not 0. */
  #isQuiet(quiet: number): boolean {
    const deadline = deadlineIn(quiet)
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

  /** Counts the taken slots. No agent changes them meanwhile. */
  #correct(): void {
    const { records } = this.#parts
    let taken = 0
    for (let slot = 0; slot < this.#layout.slots; slot++) if (stateOf(records.control(slot)) !== FREE) taken++
    Atomics.store(this.#words, this.#stats + STATS.occupied, taken)
  }

  /**
   * Notes that this agent is about to change the count, once no agent counts. Throws SessionBusyError, without waiting if `mayGiveUp` and
   * another agent has given up already, and CorruptStoreError.
   */
  #begin(mayGiveUp = false): void {
    if (this.#layout.agents === 0) return
    for (;;) {
      this.#turn(STATS.unlistedBegun)
      const counter = Atomics.load(this.#words, this.#stats + STATS.recount)
      if (counter === 0) return
      this.#turn(STATS.unlistedEnded)
      checkAgent(counter, 'The count of taken slots')
      if (mayGiveUp && Atomics.load(this.#words, this.#stats + STATS.isMiscounted) !== 0)
        throw new SessionBusyError(counter - FIRST_THREAD, 0)
      this.#parts.waiting.for(counter, this.#stats + STATS.recount, counter)
    }
  }

  #end(): void {
    if (this.#layout.agents > 0) this.#turn(STATS.unlistedEnded)
  }

  #turn(unlisted: number): void {
    if (this.#parts.notes.exist) this.#parts.notes.turn()
    else Atomics.add(this.#words, this.#stats + unlisted, 1)
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

  /** Counts one slot less, and returns the count before. */
  #return(): number {
    return Atomics.sub(this.#words, this.#stats + STATS.occupied, 1)
  }
}
