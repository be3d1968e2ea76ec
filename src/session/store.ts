/**
 * SessionStore: one agent's view of a session store's memory, and the few steps that operations are written in. A step is
 * sound by itself; what an operation makes of several steps is the operation's affair, and the lab's subject.
 */
import { copyOut, encodeText } from '../memory/text.ts'
import { Mutex } from '../sync/mutex.ts'
import { RwLock } from '../sync/rw-lock.ts'
import { CleanupQueue } from './cleanup-queue.ts'
import { ACTIVE, CLEANING, DEAD_LETTER, DELETED, INSERTING, RESERVING, inState, next, stateOf } from './control.ts'
import {
  LayoutVersionError,
  NotASessionStoreError,
  SessionExistsError,
  SessionNotFoundError,
  StoreFullError,
  StoreSizeError,
} from './errors.ts'
import {
  HEADER,
  LAYOUT_VERSION,
  LOCKS,
  MAGIC,
  RECORD,
  RECORD_WORDS,
  STATS,
  type StoreLayout,
  layoutFor,
  storeLayout,
} from './layout.ts'
import { encodeEntry } from './metadata.ts'
import { type Image, decodeId, decodeSession, encodeSession, makeImage } from './record.ts'
import { MAX_TEXT_BYTES, NAMES, type Session } from './session.ts'
import { NearCache, UNKNOWN } from './near-cache.ts'
import { type Place, SessionTable } from './table.ts'

export interface StoreOptions {
  /** How many sessions fit, deleted ones that wait for clean-up included: 1 to 4,194,304. Default 10,000. */
  readonly capacity?: number
  /**
   * How many bytes the id, the user id and the user name of a session may take together, each rounded up to four: 12 to 384.
   * Default 384, so that each may be as long as any. A UUID takes 36.
   */
  readonly nameBytes?: number
  /** How many bytes of metadata a session may have in all, rounded down to a multiple of four: 0 to 1,048,576. Default 1,024. */
  readonly metadataBytes?: number
}

/** Of a larger store a near cache would know too little: asking it in vain costs more than it saves. */
const MOST_NEAR_SLOTS = 2 ** 15

const MAX_CAPACITY = 2 ** 22
const MIN_NAME_BYTES = 12
const MAX_NAME_BYTES = NAMES * MAX_TEXT_BYTES
const MAX_METADATA_BYTES = 2 ** 20

/**
 * Allocates the memory of a session store, all of it, once. Any number of agents may attach to it. Large stores are cheap
 * until they are used: the system commits pages when they are first written.
 *
 * Throws StoreSizeError when it cannot be so large, or so small.
 */
export function allocateSessionStore({
  capacity = 10_000,
  nameBytes = MAX_NAME_BYTES,
  metadataBytes = 1024,
}: StoreOptions = {}): SharedArrayBuffer {
  checkSize('The capacity', capacity, 1, MAX_CAPACITY)
  checkSize('nameBytes', nameBytes, MIN_NAME_BYTES, MAX_NAME_BYTES)
  checkSize('metadataBytes', metadataBytes, 0, MAX_METADATA_BYTES)
  const layout = layoutFor({ capacity, nameBytes, metadataBytes })
  const most = 2 ** 32
  if (layout.words * 4 > most) throw new StoreSizeError('The size of the store in bytes', layout.words * 4, 0, most)
  const memory = new SharedArrayBuffer(layout.words * 4)
  const words = new Int32Array(memory)
  words[HEADER.capacity] = capacity
  words[HEADER.nameWords] = layout.nameWords
  words[HEADER.metadataWords] = layout.metadataWords
  words[HEADER.layoutVersion] = LAYOUT_VERSION
  words[HEADER.magic] = MAGIC
  return memory
}

/** The layout of allocated memory. Throws NotASessionStoreError or LayoutVersionError. */
function layoutOf(memory: SharedArrayBuffer): StoreLayout {
  if (!(memory instanceof SharedArrayBuffer)) throw new NotASessionStoreError('it is not a SharedArrayBuffer')
  if (memory.byteLength < HEADER_BYTES || memory.byteLength % 4 !== 0)
    throw new NotASessionStoreError('it is too small')
  const words = new Int32Array(memory)
  if (words[HEADER.magic] !== MAGIC) throw new NotASessionStoreError('it does not begin with the mark of one')
  const version = words[HEADER.layoutVersion]!
  if (version !== LAYOUT_VERSION) throw new LayoutVersionError(version, LAYOUT_VERSION)
  const layout = storeLayout(words[HEADER.capacity]!, words[HEADER.nameWords]!, words[HEADER.metadataWords]!)
  if (layout.words * 4 !== memory.byteLength)
    throw new NotASessionStoreError('its size is not the one it was made with')
  return layout
}

const HEADER_BYTES = 64

/** A session that was read, and where it stood: whoever changes it makes the place stale. */
export interface Reading {
  readonly session: Session
  readonly place: Place
  /** Together with the slot: which of all sessions that ever had this id. */
  readonly born: number
}

/**
 * How many sessions are in which state, counted in one pass: each session once, under the state it had then. One that has
 * expired counts as deleted: it is due for clean-up.
 */
export interface Census {
  readonly active: number
  readonly deleted: number
  readonly deadLetters: number
}

export class SessionStore {
  readonly memory: SharedArrayBuffer
  readonly layout: StoreLayout
  readonly table: SessionTable
  /** The store lock of the locking variants. */
  readonly lock: RwLock
  /** The mutex of the mutex variant. */
  readonly mutex: Mutex
  /** The lock of the locking variants' stats. */
  readonly statsLock: RwLock
  /** The clean-up queue and the dead letters of the locking variants. For the sound ones, states of slots are both. */
  readonly queue: CleanupQueue
  readonly deadLetters: CleanupQueue
  readonly #words: Int32Array
  readonly #image: Image
  readonly #id: Int32Array
  readonly #near: NearCache | undefined

  /** Attaches to allocated memory. Throws NotASessionStoreError or LayoutVersionError. */
  constructor(memory: SharedArrayBuffer) {
    this.layout = layoutOf(memory)
    this.memory = memory
    this.#words = new Int32Array(memory)
    this.table = new SessionTable(this.#words, this.layout)
    const { at, capacity } = this.layout
    this.lock = new RwLock(this.#words, at.locks + LOCKS.store)
    this.mutex = new Mutex(this.#words, at.locks + LOCKS.mutex)
    this.statsLock = new RwLock(this.#words, at.locks + LOCKS.stats)
    const queueLock = new RwLock(this.#words, at.locks + LOCKS.queue)
    this.queue = new CleanupQueue(this.#words, at.queue, capacity, queueLock)
    this.deadLetters = new CleanupQueue(this.#words, at.deadLetters, capacity, queueLock)
    this.#near = this.layout.slots <= MOST_NEAR_SLOTS ? new NearCache(this.layout.slots) : undefined
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
    if (!this.#reservePlace()) throw this.#refusal(session.id)
    const slot = this.table.insert(this.#image, first ? RESERVING : INSERTING)
    if (typeof slot === 'string') {
      this.#returnPlace()
      throw slot === 'exists' ? new SessionExistsError(session.id) : new StoreFullError(this.layout.capacity)
    }
    if (!first) return
    try {
      first()
    } catch (failure) {
      this.release(slot)
      throw failure
    }
    const reserved = this.table.control(slot)
    this.table.move(slot, reserved, inState(reserved, ACTIVE))
  }

  /** A place is reserved before a slot is claimed, so that the table never fills past two thirds. */
  #reservePlace(): boolean {
    const at = this.layout.at.stats + STATS.occupied
    let occupied = Atomics.load(this.#words, at)
    while (occupied < this.layout.capacity) {
      const before = Atomics.compareExchange(this.#words, at, occupied, occupied + 1)
      if (before === occupied) return true
      occupied = before
    }
    return false
  }

  #returnPlace(): void {
    Atomics.sub(this.#words, this.layout.at.stats + STATS.occupied, 1)
  }

  /** The slot of the session, in whatever state, that has taken an id. */
  slotOf(id: string): number | undefined {
    encodeText(this.#id, 0, id)
    return this.table.takenSlot(this.#id)
  }

  /** Why a full store takes no session of this id: not for its fullness, if the id is taken. */
  #refusal(id: string): Error {
    return this.slotOf(id) !== undefined ? new SessionExistsError(id) : new StoreFullError(this.layout.capacity)
  }

  /** Whether a live session has this id. */
  has(id: string): boolean {
    for (;;) {
      const place = this.find(id)
      if (place === undefined) return false
      if (this.table.isStill(place.slot, place.control)) return true
    }
  }

  /** Where a live session is. */
  find(id: string): Place | undefined {
    const near = this.#near
    const known = near === undefined ? UNKNOWN : near.entryOf(id)
    if (known === UNKNOWN) return this.#search(id)
    const place = this.table.placeAt(near!.slot(known))
    if (place !== undefined && this.table.born(place.slot) === near!.born(known)) return place
    near!.forget(known)
    return this.#search(id)
  }

  #search(id: string): Place | undefined {
    // No session has an id that is too long to be one.
    if (id.length > MAX_TEXT_BYTES) return undefined
    encodeText(this.#id, 0, id)
    const place = this.table.find(this.#id)
    if (place !== undefined && this.#near?.isWanted()) this.#remember(id, place)
    return place
  }

  #remember(id: string, place: Place): void {
    const born = this.table.born(place.slot)
    if (this.table.isStill(place.slot, place.control)) this.#near!.add(id, place.slot, born)
  }

  /** Reads a session whole, as it was at one moment; undefined when there is none. The session is the caller's own copy. */
  get(id: string): Session | undefined {
    for (;;) {
      const place = this.find(id)
      if (place === undefined) return undefined
      if (this.#readAt(place)) return decodeSession(this.#image, id)
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
    if (!this.#readAt(place)) return undefined
    return { session: decodeSession(this.#image, id), place, born: this.#image.record[RECORD.born]! }
  }

  /** Fills the image; says whether it is of one moment, at which the place was what it was. */
  #readAt(place: Place): boolean {
    this.#copyOut(place.slot)
    return this.table.isStill(place.slot, place.control)
  }

  /** The same for a session that must exist. Throws SessionNotFoundError. */
  reading(id: string): Reading {
    const reading = this.look(id)
    if (reading === undefined) throw new SessionNotFoundError(id)
    return reading
  }

  /** Reads a session whole. Throws SessionNotFoundError. */
  read(id: string): Session {
    return this.reading(id).session
  }

  /** Writes a session whole over whatever is there now. Throws SessionNotFoundError or TextTooLongError. */
  write(session: Session): void {
    while (!this.writeIf(this.#existing(session.id), session));
  }

  /** Writes a session whole if nobody has changed it since it was found there; says whether. Throws TextTooLongError. */
  writeIf(place: Place, session: Session): boolean {
    encodeSession(this.#image, session, this.layout)
    if (!this.table.enter(place)) return false
    this.table.fill(place.slot, this.#image)
    this.table.leave(place)
    return true
  }

  /** Where a session is that must exist. Throws SessionNotFoundError. */
  place(id: string): Place {
    return this.#existing(id)
  }

  /** Counts an access if nobody has changed the session since it was found there: the new count, or undefined. */
  countIf(place: Place): number | undefined {
    if (!this.table.enter(place)) return undefined
    const count = this.table.countAccess(place.slot)
    this.table.leave(place)
    return count
  }

  /**
   * Sets a metadata key and counts an access if nobody has changed the session since it was found there; says whether. Throws
   * TextTooLongError.
   */
  setIf(place: Place, key: string, value: string): boolean {
    const entry = encodeEntry(key, value)
    if (!this.table.enter(place)) return false
    try {
      this.table.putEntry(place.slot, entry)
    } catch (tooLong) {
      this.table.leaveUnchanged(place)
      throw tooLong
    }
    this.table.countAccess(place.slot)
    this.table.leave(place)
    return true
  }

  /** Writes the metadata and what belongs to it, but not the access count. Throws SessionNotFoundError or TextTooLongError. */
  writeMetadata(session: Session): void {
    encodeSession(this.#image, session, this.layout)
    for (;;) {
      const place = this.#existing(session.id)
      if (!this.table.enter(place)) continue
      this.table.fillMetadata(place.slot, this.#image)
      return this.table.leave(place)
    }
  }

  /**
   * Adds to the access count, in one atomic step and nothing else; the new count. Throws SessionNotFoundError. Only for
   * sessions that nobody deletes meanwhile: between finding and adding, the slot could become another session's.
   */
  addAccess(id: string): number {
    const { slot } = this.#existing(id)
    return (Atomics.add(this.#words, this.table.recordAt(slot) + RECORD.accessCount, 1) + 1) >>> 0
  }

  /** Makes a live session deleted, in one step; false when there is none, or somebody else was faster. */
  remove(id: string): boolean {
    for (;;) {
      const place = this.find(id)
      if (place === undefined) return false
      if (this.table.move(place.slot, place.control, next(place.control, DELETED))) return true
    }
  }

  /** Takes a live session out and frees its place at once, as the locking variants do; false when there is none. */
  takeOut(id: string): boolean {
    for (;;) {
      const place = this.find(id)
      if (place === undefined) return false
      if (!this.table.move(place.slot, place.control, next(place.control, CLEANING))) continue
      this.release(place.slot)
      return true
    }
  }

  /** Changes the locking variants' own count of active sessions, but never below nothing. The caller holds `statsLock`. */
  addActive(change: number): void {
    const at = this.layout.at.stats + STATS.activeSessions
    Atomics.store(this.#words, at, Math.max(0, Atomics.load(this.#words, at) + change))
  }

  /** Counts the sessions by state, in one pass over the control words. */
  census(): Census {
    let active = 0
    let deleted = 0
    let deadLetters = 0
    for (let slot = 0; slot < this.layout.slots; slot++) {
      const state = this.table.countedState(slot)
      if (state === ACTIVE) active++
      else if (state === DELETED || state === CLEANING) deleted++
      else if (state === DEAD_LETTER) deadLetters++
    }
    return { active, deleted, deadLetters }
  }

  /** The id of the session in a slot that is the caller's. */
  idAt(slot: number): string {
    this.#copyOut(slot)
    return decodeId(this.#image)
  }

  /** A copy of the words that a slot's text takes; undefined when it claims more than there are. For a quiet store. */
  textAt(slot: number): Int32Array | undefined {
    const claimed = Atomics.load(this.#words, this.table.recordAt(slot) + RECORD.textWords)
    if (claimed < 0 || claimed > this.layout.textWords) return undefined
    return this.#image.text.slice(0, this.#copyOut(slot))
  }

  /** Empties a slot that is the caller's and gives its place back. */
  release(slot: number): void {
    this.table.free(slot)
    this.#returnPlace()
  }

  /** The slot that the clean-up is to look at next: each is given to one cleaner in each round. */
  nextToClean(): number {
    return (Atomics.add(this.#words, this.layout.at.stats + STATS.cleanupHand, 1) >>> 0) % this.layout.slots
  }

  /** Counts a failed clean-up of the session in a slot that is the caller's; how many there have been. */
  countAttempt(slot: number): number {
    return Atomics.add(this.#words, this.table.recordAt(slot) + RECORD.attempts, 1) + 1
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
    while (this.table.countedState(slot) === ACTIVE) {
      const place = this.table.placeAt(slot)
      if (place !== undefined && this.#readAt(place)) return decodeId(this.#image)
    }
    return undefined
  }

  /** Makes an expired session that still has the id a deleted one; says whether there was one. */
  expire(slot: number): boolean {
    const control = this.table.control(slot)
    if (stateOf(control) !== ACTIVE || !this.table.isExpired(slot)) return false
    return this.table.move(slot, control, next(control, DELETED))
  }

  /** A word of the stats, by name. */
  stat(name: keyof typeof STATS): number {
    return Atomics.load(this.#words, this.layout.at.stats + STATS[name])
  }

  #existing(id: string): Place {
    const place = this.find(id)
    if (place === undefined) throw new SessionNotFoundError(id)
    return place
  }

  /** Copies a record into the image; how many words of text it has. */
  #copyOut(slot: number): number {
    const { record, text } = this.#image
    // But for the control word, which is only ever read atomically.
    copyOut(record, this.#words, this.table.recordAt(slot), RECORD_WORDS, RECORD.control + 1)
    // A record that is being written may claim any length; what is copied of it will be thrown away.
    const used = Math.min(record[RECORD.textWords]! >>> 0, text.length)
    copyOut(text, this.#words, this.table.textAt(slot), used)
    return used
  }
}

function checkSize(what: string, got: number, least: number, most: number): void {
  if (!Number.isInteger(got) || got < least || got > most) throw new StoreSizeError(what, got, least, most)
}
