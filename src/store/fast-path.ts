/**
 * The fast path of the operations that are called most: straight to the slot where this agent has found the session before.
 * Where that cannot be (it is not remembered, or no longer there, or somebody is writing it), nothing has been changed, and
 * the ordinary variant does the operation.
 *
 * A batch takes the same path, some sessions at a time: while one is worked on, the memory of the others is on its way, and
 * they share a look at the clock. Each operation of a batch stands for itself: others may see some done and some not. What is
 * in a batch is read once, before anything is done: reading it may run code of the caller's, which may use this very agent.
 */
import { FREE } from './control.ts'
import { BatchError, SessionNotFoundError, TextTooLongError } from './errors.ts'
import { incrementAccess } from './operations/increment-access.ts'
import { Entry } from './metadata.ts'
import { type NearCache, UNKNOWN } from './near-cache.ts'
import type { SessionRecords } from './records.ts'
import { checkIsText } from './session.ts'
import type { SessionStore } from './store.ts'
import { updateSession } from './operations/update-session.ts'

/** How many sessions of a batch are sought at once: enough to hide how far away memory is, few enough to stay near until used. */
const AHEAD = 32

export class FastPath {
  readonly #store: SessionStore
  readonly #records: SessionRecords
  readonly #near: NearCache | undefined
  readonly #entry = new Entry()
  /** Of the sessions that are sought: the slot, or UNKNOWN, and which of all sessions sat there. */
  readonly #slots = new Int32Array(AHEAD)
  readonly #births = new Int32Array(AHEAD)

  constructor(store: SessionStore) {
    this.#store = store
    this.#records = store.records
    this.#near = store.near
  }

  /** Throws SessionNotFoundError. */
  incrementAccess(id: string): number {
    checkIsText('id', id)
    this.#seek(id, 0)
    // The clock is looked at only now, while the record is on its way.
    return this.#count(0, Date.now()) ?? incrementAccess(this.#store, id)
  }

  /** Throws SessionNotFoundError or TextTooLongError. */
  updateSession(id: string, key: string, value: string): void {
    checkIsText('id', id)
    this.#seek(id, 0)
    this.#entry.setKey(key)
    this.#entry.setValue(value)
    if (!this.#set(0, Date.now())) updateSession(this.#store, id, key, value)
  }

  /** The new counts; undefined for a session that is not there. */
  incrementAccesses(given: readonly string[]): (number | undefined)[] {
    const ids = textsOf('id', given)
    const counts: (number | undefined)[] = []
    for (let from = 0; from < ids.length; from += AHEAD) {
      const end = this.#seekFrom(ids, from)
      const now = Date.now()
      for (let index = from; index < end; index++) {
        counts.push(this.#count(index - from, now) ?? this.#countByVariant(ids[index]!))
      }
    }
    return counts
  }

  /** Whether each was there. Throws BatchError, or when all is done the first TextTooLongError. */
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
      const end = this.#seekFrom(ids, from)
      const now = Date.now()
      for (let index = from; index < end; index++) {
        try {
          this.#entry.setValue(values[index]!)
          wereThere.push(this.#set(index - from, now) || this.#setByVariant(ids[index]!, key, values[index]!))
        } catch (tooLong) {
          if (!(tooLong instanceof TextTooLongError)) throw tooLong
          failure ??= tooLong
        }
      }
    }
    if (failure !== undefined) throw failure
    return wereThere
  }

  /** Seeks the next sessions of a batch; returns where those after them begin. */
  #seekFrom(ids: readonly string[], from: number): number {
    const end = Math.min(from + AHEAD, ids.length)
    for (let index = from; index < end; index++) this.#seek(ids[index]!, index - from)
    return end
  }

  /**
   * Notes where a session is, as far as this agent knows, and has its record fetched. The near cache's entry would not do: it
   * may be another session's by the time it is used.
   */
  #seek(id: string, at: number): void {
    const near = this.#near
    const entry = near === undefined ? UNKNOWN : near.entryOf(id)
    if (entry === UNKNOWN) {
      this.#slots[at] = UNKNOWN
      return
    }
    const slot = near!.slot(entry)
    this.#records.want(slot)
    this.#slots[at] = slot
    this.#births[at] = near!.born(entry)
  }

  /** Counts an access of a session that was sought; undefined if it was not to be had. */
  #count(at: number, now: number): number | undefined {
    const control = this.#enter(at)
    return control === FREE ? undefined : this.#records.countAndLeave(this.#slots[at]!, control, now)
  }

  /** Sets the entry in a session that was sought, and counts an access; false if it was not to be had. */
  #set(at: number, now: number): boolean {
    const control = this.#enter(at)
    if (control === FREE) return false
    this.#records.setAndLeave(this.#slots[at]!, control, this.#entry, now)
    return true
  }

  /** Takes the right to write a session that was sought: what its control word was, or FREE. */
  #enter(at: number): number {
    const slot = this.#slots[at]!
    return slot === UNKNOWN ? FREE : this.#records.enterBorn(slot, this.#births[at]!)
  }

  #countByVariant(id: string): number | undefined {
    return ifThere(() => incrementAccess(this.#store, id))
  }

  #setByVariant(id: string, key: string, value: string): boolean {
    const set = () => {
      updateSession(this.#store, id, key, value)
      return true
    }
    return ifThere(set) ?? false
  }
}

/** The texts of a batch. Whatever is behind an array that was given is asked now, once, and not while the batch is done. */
function textsOf(what: string, given: readonly string[]): readonly string[] {
  if (!Array.isArray(given)) throw new BatchError(`The ${what}s of the batch are no array`, 'Give an array of strings')
  const texts = [...(given as readonly string[])]
  for (const text of texts) checkIsText(what, text)
  return texts
}

/** What an operation returns; undefined if there is no such session. */
function ifThere<Result>(operation: () => Result): Result | undefined {
  try {
    return operation()
  } catch (failure) {
    if (failure instanceof SessionNotFoundError) return undefined
    throw failure
  }
}
