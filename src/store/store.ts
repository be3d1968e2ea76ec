/**
 * SessionStore: one agent's view of a session store's memory, and the few steps that operations are written in. Each step is
 * sound by itself. An operation of several steps is sound if its last step checks that nothing has changed since the first.
 */
import { encodeText } from '../memory/text.ts'
import { layoutOf } from './allocate.ts'
import { ACTIVE, DELETED, INSERTING, RESERVING, inState, next } from './control.ts'
import { SessionExistsError, SessionNotFoundError, StoreFullError } from './errors.ts'
import { RECORD, STATS, type StoreLayout } from './layout.ts'
import { Entry } from './metadata.ts'
import { type Image, decodeId, decodeSession, encodeSession, makeImage } from './record.ts'
import { MAX_TEXT_BYTES, type Session, checkIsText } from './session.ts'
import { type NearCache, UNKNOWN, nearCacheFor } from './near-cache.ts'
import { type Place, SessionRecords } from './records.ts'
import { SessionTable } from './table.ts'

/** A session that was read, and where it stood: whoever changes it makes the place stale. */
export interface Reading {
  readonly session: Session
  readonly place: Place
  /** Together with the slot: which of all sessions that ever had this id. */
  readonly born: number
}

export class SessionStore {
  readonly memory: SharedArrayBuffer
  readonly layout: StoreLayout
  readonly records: SessionRecords
  /** Where this agent has lately found which session; none for a large store. */
  readonly near: NearCache | undefined
  readonly #words: Int32Array
  readonly #table: SessionTable
  readonly #image: Image
  readonly #id: Int32Array
  readonly #entry = new Entry()

  /** Attaches to allocated memory. Throws NotASessionStoreError or LayoutVersionError. */
  constructor(memory: SharedArrayBuffer) {
    this.layout = layoutOf(memory)
    this.memory = memory
    this.#words = new Int32Array(memory)
    this.records = new SessionRecords(this.#words, this.layout)
    this.#table = new SessionTable(this.#words, this.layout, this.records)
    this.near = nearCacheFor(this.layout.slots)
    this.#image = makeImage(this.layout.textWords)
    this.#id = new Int32Array(this.layout.textWords)
  }

  /**
   * Puts a new session in. With something to do first (storing its row), the id is taken before and the session becomes
   * visible after; if that throws, nothing was put in. Throws SessionExistsError, StoreFullError or TextTooLongError.
   *
   * A creation that finds its id taken holds a place while it looks: another that comes meanwhile may find the store full.
   */
  insert(session: Session, first?: () => void): void {
    encodeSession(this.#image, session, this.layout)
    const slot = this.#table.insert(this.#image, first ? RESERVING : INSERTING)
    if (slot === 'exists') throw new SessionExistsError(session.id)
    if (slot === 'full') throw new StoreFullError(this.layout.capacity)
    if (!first) return
    try {
      first()
    } catch (failure) {
      this.release(slot)
      throw failure
    }
    const reserved = this.records.control(slot)
    this.records.move(slot, reserved, inState(reserved, ACTIVE))
  }

  /** The slot of the session, in whatever state, that has taken an id. */
  slotOf(id: string): number | undefined {
    encodeText(this.#id, 0, id)
    return this.#table.takenSlot(this.#id)
  }

  /** Whether a live session has this id. */
  has(id: string): boolean {
    for (;;) {
      const place = this.find(id)
      if (place === undefined) return false
      if (this.records.isStill(place.slot, place.control)) return true
    }
  }

  /** Where a live session is. */
  find(id: string): Place | undefined {
    checkIsText('id', id)
    const near = this.near
    const known = near === undefined ? UNKNOWN : near.entryOf(id)
    if (known === UNKNOWN) return this.#search(id)
    const place = this.records.placeAt(near!.slot(known))
    if (place !== undefined && this.records.born(place.slot) === near!.born(known)) return place
    near!.forget(known)
    return this.#search(id)
  }

  #search(id: string): Place | undefined {
    // No session has an id that is too long to be one.
    if (id.length > MAX_TEXT_BYTES) return undefined
    encodeText(this.#id, 0, id)
    const place = this.#table.find(this.#id)
    if (place !== undefined && this.near?.isWanted()) this.#remember(id, place)
    return place
  }

  /** Only what is confirmed is remembered: else the id could be one session's and the birth another's. */
  #remember(id: string, place: Place): void {
    const born = this.records.born(place.slot)
    if (this.records.isStill(place.slot, place.control)) this.near!.add(id, place.slot, born)
  }

  /** Reads a session whole, as it was at one moment; undefined when there is none. The session is the caller's own copy. */
  get(id: string): Session | undefined {
    for (;;) {
      const place = this.find(id)
      if (place === undefined) return undefined
      if (this.records.read(place, this.#image)) return decodeSession(this.#image, id)
    }
  }

  /** The same, and where it was. */
  look(id: string): Reading | undefined {
    for (;;) {
      const place = this.find(id)
      if (place === undefined) return undefined
      const reading = this.lookAt(place, id)
      if (reading !== undefined) return reading
    }
  }

  /** The same where it was found; undefined if somebody has changed it since. */
  lookAt(place: Place, id?: string): Reading | undefined {
    if (!this.records.read(place, this.#image)) return undefined
    return { session: decodeSession(this.#image, id), place, born: this.#image.record[RECORD.born]! }
  }

  /** What `look` returns, of a session that must exist. Throws SessionNotFoundError. */
  reading(id: string): Reading {
    const reading = this.look(id)
    if (reading === undefined) throw new SessionNotFoundError(id)
    return reading
  }

  /** Reads a session whole. Throws SessionNotFoundError. */
  read(id: string): Session {
    return this.reading(id).session
  }

  /** Writes a session whole if nobody has changed it since it was found there; says whether. Throws TextTooLongError. */
  writeIf({ slot, control }: Place, session: Session): boolean {
    encodeSession(this.#image, session, this.layout)
    if (!this.records.enter(slot, control)) return false
    this.records.fill(slot, this.#image)
    this.records.leave(slot, control)
    return true
  }

  /** Finds a session that must exist. Throws SessionNotFoundError. */
  place(id: string): Place {
    const place = this.find(id)
    if (place === undefined) throw new SessionNotFoundError(id)
    return place
  }

  /** Counts an access if nobody has changed the session since it was found there: the new count, or undefined. */
  countIf({ slot, control }: Place): number | undefined {
    return this.records.enter(slot, control) ? this.records.countAndLeave(slot, control, Date.now()) : undefined
  }

  /**
   * Sets a metadata key and counts an access if nobody has changed the session since it was found there; says whether. Throws
   * TextTooLongError.
   */
  setIf({ slot, control }: Place, key: string, value: string): boolean {
    this.#entry.setKey(key)
    this.#entry.setValue(value)
    if (!this.records.enter(slot, control)) return false
    this.records.setAndLeave(slot, control, this.#entry, Date.now())
    return true
  }

  /** Makes a live session deleted, in one step; false when there is none, or somebody else was faster. */
  remove(id: string): boolean {
    for (;;) {
      const place = this.find(id)
      if (place === undefined) return false
      if (this.records.move(place.slot, place.control, next(place.control, DELETED))) return true
    }
  }

  /** The id of the session in a slot that is the caller's. */
  idAt(slot: number): string {
    this.records.copyOut(slot, this.#image)
    return decodeId(this.#image)
  }

  /** Empties a slot that is the caller's and gives its place back. */
  release(slot: number): void {
    this.#table.free(slot)
  }

  /** The slot that the clean-up is to look at next: each is given to one cleaner in each round. */
  nextToClean(): number {
    return (Atomics.add(this.#words, this.layout.at.stats + STATS.cleanupHand, 1) >>> 0) % this.layout.slots
  }

  /** Adds one to a tally of the stats. */
  count(name: keyof typeof STATS): void {
    Atomics.add(this.#words, this.layout.at.stats + STATS[name], 1)
  }

  /** The ids of all live sessions, in no order. Each was there when the pass came to it. */
  ids(): string[] {
    const ids: string[] = []
    for (let slot = 0; slot < this.layout.slots; slot++) {
      const id = this.#liveIdAt(slot)
      if (id !== undefined) ids.push(id)
    }
    return ids
  }

  #liveIdAt(slot: number): string | undefined {
    while (this.records.countedState(slot) === ACTIVE) {
      const place = this.records.placeAt(slot)
      if (place !== undefined && this.records.read(place, this.#image)) return decodeId(this.#image)
    }
    return undefined
  }

  /** A word of the stats, by name. */
  stat(name: keyof typeof STATS): number {
    return Atomics.load(this.#words, this.layout.at.stats + STATS[name])
  }
}
