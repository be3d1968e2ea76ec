/**
 * SessionStore: one agent's view of a session store's memory. The operations are made of its methods.
 *
 * Each method is one atomic step, or says otherwise. An operation of several steps is sound if its last step checks that the
 * session has not changed since the first.
 */
import { raiseTo } from '../memory/raise.ts'
import { encodeText } from '../memory/text.ts'
import { currentAgent } from '../sync/agent.ts'
import { layoutOf } from './allocate.ts'
import { ACTIVE, DELETED, INSERTING, RESERVING, withState, nextSequence } from './control.ts'
import { SessionNotFoundError } from './errors.ts'
import { RECORD, STATS } from './layout.ts'
import type { StoreLayout } from './layout.ts'
import { Entry } from './metadata.ts'
import { checkId, damageOf, decodeFirst, decodeId, decodeSession, encodeSession, makeImage } from './record.ts'
import type { Image } from './record.ts'
import { MAX_TEXT_BYTES, checkIsText } from './session.ts'
import type { Session } from './session.ts'
import { UNKNOWN, nearCacheFor } from './near-cache.ts'
import type { NearCache } from './near-cache.ts'
import { Notes, Write } from './notes.ts'
import { Occupancy } from './occupancy.ts'
import { RecordWriter } from './record-writer.ts'
import { SessionRecords } from './records.ts'
import type { Stamp } from './records.ts'
import { SessionTable } from './table.ts'
import { Waiting } from './waiting.ts'

/** A session as it was at one moment, and its stamp of that moment. The stamp is stale once the session has changed. */
export interface Reading {
  readonly session: Session
  readonly stamp: Stamp
  /**
   * The control word when the session was inserted. Slot and `born` together identify the session, even if its id is used
   * again.
   */
  readonly born: number
}

/** How often an insertion into a full store makes room for itself. */
const MOST_ROOMS = 10

/** One agent's view of a session store's memory. */
export class SessionStore {
  readonly memory: SharedArrayBuffer
  readonly layout: StoreLayout
  readonly records: SessionRecords
  readonly writer: RecordWriter
  readonly table: SessionTable
  readonly occupancy: Occupancy
  readonly waiting: Waiting
  /** The slots in which this agent has found sessions lately; undefined for a large store. */
  readonly near: NearCache | undefined
  readonly #words: Int32Array
  readonly #notes: Notes
  readonly #image: Image
  readonly #id: Int32Array
  /** The metadata key that is about to be read. */
  readonly #sought = new Entry(new Int32Array(MAX_TEXT_BYTES / 4))
  /** The metadata entry that is about to be set. */
  readonly entry: Entry

  /**
   * Attaches to the memory of a store. Throws NotASessionStoreError or LayoutVersionError. A method throws CorruptStoreError where it
   * comes to damaged words, and SessionBusyError where it has to wait for longer than `waiting.patience`.
   */
  constructor(memory: SharedArrayBuffer) {
    this.layout = layoutOf(memory)
    this.memory = memory
    this.#words = new Int32Array(memory)
    this.#notes = new Notes(this.#words, this.layout, currentAgent())
    this.entry = new Entry(this.#notes.entry)
    this.waiting = new Waiting(this.#words)
    this.records = new SessionRecords(this.#words, this.layout, this.#notes, this.waiting)
    this.writer = new RecordWriter(this.#words, this.layout, this.records, this.#notes)
    this.occupancy = new Occupancy(this.#words, this.layout, {
      records: this.records,
      notes: this.#notes,
      waiting: this.waiting,
    })
    this.table = new SessionTable(this.#words, this.layout, {
      records: this.records,
      writer: this.writer,
      occupancy: this.occupancy,
      notes: this.#notes,
    })
    this.near = nearCacheFor(this.layout.slots)
    this.#image = makeImage(this.layout.textWords)
    this.#id = new Int32Array(this.layout.textWords)
  }

  /**
   * Inserts a new session and returns undefined, or says why it was refused. `first` is called after the session has taken its id and
   * before it becomes visible, to store its row. If `first` throws, the session is not inserted, and this throws the same error. Throws
   * TextTooLongError, NotTextError or NumberRangeError.
   *
   * An insertion takes a slot before it searches for its id. So while one insertion finds its id taken, another one may find the
   * store full. It may also find it full while a clean-up has freed a slot, and has not yet given back its share of the capacity.
   *
   * In a full store it calls `makeRoom` and tries again if that returns true. Another insertion may take the room, so it does so up to
   * `MOST_ROOMS` times.
   */
  insert(session: Session, first?: () => void, makeRoom?: () => boolean): 'exists' | 'full' | undefined {
    for (let rooms = 0; ; rooms++) {
      encodeSession(this.#image, session, this.layout)
      const slot = this.table.insert(this.#image, first ? RESERVING : INSERTING)
      if (slot === 'full' && rooms < MOST_ROOMS && makeRoom?.()) continue
      if (typeof slot !== 'number') return slot
      if (first) this.#complete(slot, first)
      return undefined
    }
  }

  /** Makes a session visible whose slot is RESERVED after `first`, or frees the slot if `first` throws. */
  #complete(slot: number, first: () => void): void {
    const reserved = this.records.control(slot)
    this.#notes.opens(slot, reserved)
    try {
      first()
      this.records.move(slot, reserved, withState(reserved, ACTIVE))
    } catch (failure) {
      this.table.free(slot, reserved)
      throw failure
    } finally {
      this.#notes.closes()
    }
  }

  /** Returns the slot of the session that has taken an id, in whatever state; undefined if the id is free. */
  slotOf(id: string): number | undefined {
    encodeText(this.#id, 0, id)
    return this.table.takenSlot(this.#id)
  }

  /**
   * Returns the stamp of the live session with this id; undefined if there is none. Waits while a writer is inside the session.
   * The caller must validate the stamp, with `isStill` or by writing.
   */
  find(id: string): Stamp | undefined {
    checkIsText('id', id)
    const near = this.near
    const known = near === undefined ? UNKNOWN : near.entryOf(id)
    if (known === UNKNOWN) return this.#search(id)
    const stamp = this.records.stampAt(near!.slot(known))
    if (stamp !== undefined && this.records.born(stamp.slot) === near!.born(known)) return stamp
    near!.forget(known)
    return this.#search(id)
  }

  #search(id: string): Stamp | undefined {
    // An id that is too long cannot belong to a session.
    if (id.length > MAX_TEXT_BYTES) return undefined
    encodeText(this.#id, 0, id)
    const stamp = this.table.find(this.#id)
    if (stamp !== undefined && this.near?.shouldAdd()) this.#remember(id, stamp)
    return stamp
  }

  /**
   * Adds a stamp's slot to the near cache if the stamp is not stale. Otherwise `id` and `born` could belong to two
   * sessions.
   */
  #remember(id: string, stamp: Stamp): void {
    const born = this.records.born(stamp.slot)
    if (this.records.isStill(stamp.slot, stamp.control)) this.near!.add(id, stamp.slot, born)
  }

  /** Returns a copy of the session as it was at one moment; undefined if there is none. */
  get(id: string): Session | undefined {
    for (;;) {
      const stamp = this.find(id)
      if (stamp === undefined) return undefined
      if (this.records.read(stamp, this.#image)) return decodeSession(this.#image, id)
    }
  }

  /**
   * Returns the value of one metadata key as it was at one moment; undefined if there is no such session, or it has no such key. Throws
   * CorruptStoreError.
   */
  getMetadata(id: string, key: string): string | undefined {
    checkIsText('metadata key', key)
    // A key that is longer than all metadata of a session cannot belong to one.
    if (key.length > 4 * this.layout.metadataWords) return undefined
    this.#sought.setKey(key)
    for (;;) {
      const stamp = this.find(id)
      if (stamp === undefined) return undefined
      const size = this.records.copyValue(stamp.slot, this.#sought, this.#image)
      if (size < 0) this.records.copyOut(stamp.slot, this.#image)
      if (!this.records.isStill(stamp.slot, stamp.control)) continue
      if (size < 0) throw damageOf(this.#image)
      return size === 0 ? undefined : decodeFirst(this.#image)
    }
  }

  /**
   * Reads a session that must exist and returns it with its stamp, so that a later write can check that nothing changed. Throws
   * SessionNotFoundError.
   */
  reading(id: string): Reading {
    for (;;) {
      const stamp = this.find(id)
      if (stamp === undefined) throw new SessionNotFoundError(id)
      const reading = this.readingAt(stamp, id)
      if (reading !== undefined) return reading
    }
  }

  /** Reads the session `id` of a stamp; undefined if the session has changed since the stamp was taken. */
  readingAt(stamp: Stamp, id: string): Reading | undefined {
    if (!this.records.read(stamp, this.#image)) return undefined
    return { session: decodeSession(this.#image, id), stamp, born: this.#image.record[RECORD.born]! }
  }

  /**
   * Writes a whole session if it has not changed since the stamp was taken; returns whether it did. Throws TextTooLongError,
   * NotTextError or NumberRangeError.
   */
  writeIf({ slot, control }: Stamp, session: Session): boolean {
    encodeSession(this.#image, session, this.layout)
    if (!this.writer.enter(slot, control)) return false
    this.writer.overwrite(slot, this.#image)
    this.writer.leave(slot, control)
    return true
  }

  /** Returns the stamp of a session that must exist, as `find` does. Throws SessionNotFoundError. */
  stamp(id: string): Stamp {
    const stamp = this.find(id)
    if (stamp === undefined) throw new SessionNotFoundError(id)
    return stamp
  }

  /** Counts an access and returns the new count; undefined if the session has changed since the stamp was taken. */
  countIf({ slot, control }: Stamp): number | undefined {
    return this.writer.enter(slot, control, Write.COUNT)
      ? this.writer.countAndLeave(slot, control, Date.now())
      : undefined
  }

  /**
   * Sets a metadata key and counts an access if the session has not changed since the stamp was taken; returns whether it
   * did. Throws TextTooLongError or NotTextError.
   */
  setIf({ slot, control }: Stamp, key: string, value: string): boolean {
    this.entry.setKey(key)
    this.entry.setValue(value)
    if (!this.writer.enter(slot, control, this.writer.beforeSetting(this.entry))) return false
    this.writer.setAndLeave(slot, control, this.entry, Date.now())
    return true
  }

  /**
   * Deletes a live session in one step and returns its slot; undefined if there is no such session, or another agent has deleted
   * it first.
   */
  remove(id: string): number | undefined {
    for (;;) {
      const stamp = this.find(id)
      if (stamp === undefined) return undefined
      if (this.removeIf(stamp)) return stamp.slot
    }
  }

  /** Deletes a live session if it has not changed since the stamp was taken; returns whether it did. */
  removeIf({ slot, control }: Stamp): boolean {
    return this.records.move(slot, control, nextSequence(control, DELETED))
  }

  /** The number of this agent. */
  get agent(): number {
    return this.#notes.agent
  }

  /**
   * Completes an insertion whose agent was killed, in a slot that had the control word `control`. Returns the word that it has then:
   * COLLIDED, or as after the agent's own decision.
   */
  settle(slot: number, control: number): number {
    this.records.copyOut(slot, this.#image)
    if (this.records.isStill(slot, control)) {
      checkId(this.#image)
      this.table.settle(slot, control, this.#image.text)
    }
    return this.records.control(slot)
  }

  /** Returns the id of the session in a slot. The caller must own the slot. */
  idAt(slot: number): string {
    this.records.copyOut(slot, this.#image)
    return decodeId(this.#image)
  }

  /**
   * Frees a slot that the caller owns, and whose control word was or is `control`. The use of the store can only have been the highest so
   * far just before it is lowered, so those that create sessions need not keep the high-water mark.
   */
  release(slot: number, control: number): void {
    const used = this.table.free(slot, control)
    raiseTo(this.#words, this.layout.at.stats + STATS.highWaterMark, used)
  }

  /**
   * Returns the first of the `count` slots that a clean-up looks at next. In each round over the slots, each slot is returned to one
   * cleaner.
   */
  nextToClean(count = 1): number {
    return (Atomics.add(this.#words, this.layout.at.stats + STATS.cleanupHand, count) >>> 0) % this.layout.slots
  }

  /** Adds one to a counter of the stats. */
  count(name: keyof typeof STATS): void {
    Atomics.add(this.#words, this.layout.at.stats + STATS[name], 1)
  }

  /**
   * Returns the ids of all live sessions, in no order, in one pass over the slots. Not atomic: each session was live when
   * the pass read its slot.
   */
  ids(): string[] {
    const ids: string[] = []
    for (let slot = 0; slot < this.layout.slots; slot++) {
      const id = this.#liveIdAt(slot)
      if (id !== undefined) ids.push(id)
    }
    return ids
  }

  /** Returns the id of the live session in a slot; undefined if there is none. */
  #liveIdAt(slot: number): string | undefined {
    while (this.records.countedState(slot) === ACTIVE) {
      const stamp = this.records.stampAt(slot)
      if (stamp !== undefined && this.records.read(stamp, this.#image)) return decodeId(this.#image)
    }
    return undefined
  }

  /** Returns a counter of the stats. After 4,294,967,295 it begins again at 0. */
  stat(name: keyof typeof STATS): number {
    return Atomics.load(this.#words, this.layout.at.stats + STATS[name]) >>> 0
  }
}
