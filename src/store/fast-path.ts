/**
 * The fast path of the operations that are called most often: it goes straight to the slot where this agent last found the
 * session. If that fails, because the agent does not remember the session, the session is no longer there, or another agent is
 * writing it, then nothing has been changed, and the ordinary operation searches for the session.
 *
 * A batch takes the same path for several sessions at a time: while the agent works on one session, the processor fetches the
 * memory of the others, and all of them share one reading of the clock. Each operation of a batch is a step of its own, so
 * another agent may see some done and others not. The ids and values of a batch are read once, before the first operation,
 * because reading them may run the caller's code, and that code may use this agent.
 */
import { FREE } from './control.ts'
import { BatchError, SessionNotFoundError, TextTooLongError } from './errors.ts'
import { incrementAccess } from './operations/increment-access.ts'
import type { Entry } from './metadata.ts'
import { Write } from './notes.ts'
import { UNKNOWN } from './near-cache.ts'
import type { NearCache } from './near-cache.ts'
import type { RecordWriter } from './record-writer.ts'
import { checkIsText } from './session.ts'
import type { Session } from './session.ts'
import type { SessionStore } from './store.ts'
import { updateSession } from './operations/update-session.ts'

/**
 * How many sessions of a batch are prepared at once: enough to hide the latency of memory, few enough that their lines are still
 * in the cache when they are used.
 */
const AHEAD = 32

/** The fast path of one agent over one store. */
export class FastPath {
  readonly #store: SessionStore
  readonly #writer: RecordWriter
  readonly #near: NearCache | undefined
  readonly #entry: Entry
  /** For each prepared session: its slot, or UNKNOWN. */
  readonly #slots = new Int32Array(AHEAD)
  /** For each prepared session: the control word that it was inserted with, which tells it from other sessions in the slot. */
  readonly #births = new Int32Array(AHEAD)

  constructor(store: SessionStore) {
    this.#store = store
    this.#writer = store.writer
    this.#near = store.near
    this.#entry = store.entry
  }

  /** Counts an access and returns the new count. Throws SessionNotFoundError or NotTextError. */
  incrementAccess(id: string): number {
    checkIsText('id', id)
    this.#prepare(id, 0)
    // The clock is read only now, while the processor fetches the record.
    return this.#count(0, Date.now()) ?? incrementAccess(this.#store, id)
  }

  /** Sets a metadata key and counts an access. Throws SessionNotFoundError, TextTooLongError or NotTextError. */
  updateSession(id: string, key: string, value: string): void {
    checkIsText('id', id)
    this.#prepare(id, 0)
    this.#entry.setKey(key)
    this.#entry.setValue(value)
    if (!this.#set(0, Date.now())) updateSession(this.#store, id, key, value)
  }

  /**
   * Counts an access of each session and returns the new counts, undefined for an id without a session. Throws BatchError or
   * NotTextError; then nothing was counted.
   */
  incrementAccesses(given: readonly string[]): (number | undefined)[] {
    const ids = textsOf('id', given)
    const counts: (number | undefined)[] = []
    for (let from = 0; from < ids.length; from += AHEAD) {
      const end = this.#prepareFrom(ids, from)
      const now = Date.now()
      for (let index = from; index < end; index++) {
        counts.push(this.#count(index - from, now) ?? this.#countBySearch(ids[index]!))
      }
    }
    return counts
  }

  /**
   * Sets a metadata key in each session, to the value at the same index, and counts an access; returns whether each session was
   * there. Throws BatchError or NotTextError; then nothing was set. If a value does not fit, all others are set and then the
   * first TextTooLongError is thrown.
   */
  updateSessions(givenIds: readonly string[], key: string, givenValues: readonly string[]): boolean[] {
    const ids = textsOf('id', givenIds)
    const values = textsOf('metadata value', givenValues)
    if (ids.length !== values.length)
      throw new BatchError(
        `The batch has ${ids.length} ids and ${values.length} values`,
        'Give it one value for each id',
      )
    this.#entry.setKey(key)
    const wereThere: boolean[] = []
    let failure: TextTooLongError | undefined
    for (let from = 0; from < ids.length; from += AHEAD) {
      const end = this.#prepareFrom(ids, from)
      const now = Date.now()
      for (let index = from; index < end; index++) {
        try {
          this.#entry.setValue(values[index]!)
          wereThere.push(this.#set(index - from, now) || this.#setBySearch(ids[index]!, key, values[index]!))
        } catch (tooLong) {
          if (!(tooLong instanceof TextTooLongError)) throw tooLong
          failure ??= tooLong
        }
      }
    }
    if (failure !== undefined) throw failure
    return wereThere
  }

  /**
   * Returns a copy of each session, undefined for an id without a session. Throws BatchError or NotTextError. The sessions are not
   * prepared: most of the time of a read goes into the copy, so it would save nothing.
   */
  getMany(ids: readonly string[]): (Session | undefined)[] {
    return textsOf('id', ids).map((id) => this.#store.get(id))
  }

  /** Prepares the next sessions of a batch; returns the index of the first that is not prepared. */
  #prepareFrom(ids: readonly string[], from: number): number {
    const end = Math.min(from + AHEAD, ids.length)
    for (let index = from; index < end; index++) this.#prepare(ids[index]!, index - from)
    return end
  }

  /**
   * Stores at index `at` where the near cache last saw the session, and starts the fetch of its record. The slot is stored and
   * not the cache's entry, because the entry may belong to another session by the time it is used.
   */
  #prepare(id: string, at: number): void {
    const near = this.#near
    const entry = near === undefined ? UNKNOWN : near.entryOf(id)
    if (entry === UNKNOWN) {
      this.#slots[at] = UNKNOWN
      return
    }
    const slot = near!.slot(entry)
    this.#writer.prefetch(slot)
    this.#slots[at] = slot
    this.#births[at] = near!.born(entry)
  }

  /** Counts an access of a prepared session and returns the new count; undefined if the fast path failed. */
  #count(at: number, now: number): number | undefined {
    const control = this.#enter(at, Write.COUNT)
    return control === FREE ? undefined : this.#writer.countAndLeave(this.#slots[at]!, control, now)
  }

  /** Sets the entry in a prepared session and counts an access; returns false if the fast path failed. */
  #set(at: number, now: number): boolean {
    const control = this.#enter(at, this.#writer.beforeSetting(this.#entry))
    if (control === FREE) return false
    this.#writer.setAndLeave(this.#slots[at]!, control, this.#entry, now)
    return true
  }

  /** Takes the right to write a prepared session; returns the control word from before, or FREE if the fast path failed. */
  #enter(at: number, write: Write): number {
    const slot = this.#slots[at]!
    return slot === UNKNOWN ? FREE : this.#writer.enterBorn(slot, this.#births[at]!, write)
  }

  #countBySearch(id: string): number | undefined {
    return ifThere(() => incrementAccess(this.#store, id))
  }

  #setBySearch(id: string, key: string, value: string): boolean {
    const set = () => {
      updateSession(this.#store, id, key, value)
      return true
    }
    return ifThere(set) ?? false
  }
}

/**
 * Returns a copy of the array in a batch. An array may be a proxy or have getters: they run now, once, and not between the
 * operations. Throws BatchError unless it is an array, and NotTextError unless every element is a string.
 */
function textsOf(what: string, given: readonly string[]): readonly string[] {
  if (!Array.isArray(given))
    throw new BatchError(`The ${what}s of the batch are not an array`, 'Give an array of strings')
  const texts = [...(given as readonly string[])]
  for (const text of texts) checkIsText(what, text)
  return texts
}

/** Returns what the operation returns, or undefined if it throws SessionNotFoundError. */
function ifThere<Result>(operation: () => Result): Result | undefined {
  try {
    return operation()
  } catch (failure) {
    if (failure instanceof SessionNotFoundError) return undefined
    throw failure
  }
}
