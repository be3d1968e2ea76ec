/**
 * A store and a database that record each step of the operations that use them. The operations themselves are unchanged.
 *
 * Each step takes its number from one counter in shared memory. A step under a lock takes it while the lock is held, so
 * no step that the lock excludes can come between the step and its number.
 */
import type { Database, Row } from '../../store/database/database.ts'
import type { Stamp } from '../../store/records.ts'
import type { Session } from '../../store/session.ts'
import type { Reading } from '../../store/store.ts'
import type { Recorder, WatchedStep } from '../../stress/recorder.ts'
import type { Mutex } from '../../sync/mutex.ts'
import type { RwLock } from '../../sync/rw-lock.ts'
import type { CleanupQueue } from './cleanup-queue.ts'
import type { LabMemory } from './lab-memory.ts'
import { LabStore } from './lab-store.ts'

/** A step of an operation on sessions. */
export interface SessionStep extends WatchedStep {
  /** The session as the step read or wrote it; undefined if the step did neither. */
  readonly session?: ObservedSession
}

/** The recorded part of a session, as plain data. */
export interface ObservedSession {
  readonly id: string
  readonly accessCount: number
  readonly version: number
  readonly isAuthenticated: boolean
  readonly metadata: Readonly<Record<string, string>>
}

const REFUSED = 'it has changed since it was read'

/** A lab store that records its steps. */
export class WatchedStore extends LabStore {
  readonly #recorder: Recorder
  #session?: Session

  constructor(memory: LabMemory, recorder: Recorder) {
    super(memory)
    this.#recorder = recorder
    watchLock(this.lock, recorder, '')
    watchLock(this.statsLock, recorder, 'stats ')
    watchLock(this.queue.lock, recorder, 'queue ')
    watchMutex(this.mutex, recorder)
    watchQueue(this.queue, recorder)
  }

  override reading(id: string): Reading {
    const reading = super.reading(id)
    this.#recorder.step('read', '', observed(reading.session))
    return reading
  }

  override has(id: string): boolean {
    const found = super.has(id)
    this.#recorder.step('look up', found ? `${id} is there` : `${id} is not there`)
    return found
  }

  override insert(session: Session, first?: () => void): 'exists' | 'full' | undefined {
    const refusal = super.insert(session, first)
    if (refusal === undefined) this.#recorder.step('create', session.id)
    return refusal
  }

  override writeIf(stamp: Stamp, session: Session): boolean {
    const written = super.writeIf(stamp, session)
    if (written) this.#recorder.step('write', '', observed(session))
    else this.#recorder.step('write refused', REFUSED)
    return written
  }

  override stamp(id: string): Stamp {
    const { session, stamp } = this.reading(id)
    this.#session = session
    return stamp
  }

  override countIf(stamp: Stamp): number | undefined {
    const count = super.countIf(stamp)
    this.#recordWrite(count !== undefined)
    return count
  }

  override setIf(stamp: Stamp, key: string, value: string): boolean {
    const written = super.setIf(stamp, key, value)
    this.#recordWrite(written, [key, value])
    return written
  }

  /** Records a write to the session that `stamp` found last, or the refusal of that write. */
  #recordWrite(written: boolean, entry?: [key: string, value: string]): void {
    if (!written) return this.#recorder.step('write refused', REFUSED)
    const { accessCount, version, metadata } = this.#session!
    const changed = {
      accessCount: accessCount + 1,
      version: version + 1,
      metadata: new Map([...metadata, ...(entry ? [entry] : [])]),
    }
    this.#recorder.step('write', '', observed({ ...this.#session!, ...changed }))
  }

  override takeOut(id: string): boolean {
    const taken = super.takeOut(id)
    this.#recorder.step(taken ? 'remove from store' : 'find nothing to remove', id)
    return taken
  }

  override addActive(change: number): void {
    super.addActive(change)
    this.#recorder.step('stats', `active ${change < 0 ? '−' : '+'}${Math.abs(change)}`)
  }
}

/** Returns what a step records of a session. */
function observed(seen: Session): { readonly session: ObservedSession } {
  const { id, accessCount, version, isAuthenticated, metadata } = seen
  return { session: { id, accessCount, version, isAuthenticated, metadata: Object.fromEntries(metadata) } }
}

/** Returns the database, with each of its operations recorded. */
export function watchedDatabase(database: Database, recorder: Recorder): Database {
  return {
    fetch(id) {
      const row = database.fetch(id)
      recorder.step('fetch row', row ? rowText(row) : 'none')
      return row
    },
    store(id, row) {
      database.store(id, row)
      recorder.step('store row', rowText(row))
    },
    delete(id) {
      database.delete(id)
      recorder.step('drop row', id)
    },
    close: () => database.close(),
  }
}

function rowText({ version, data }: Row): string {
  return [`version=${version}`, ...[...data.metadata].map(([key, value]) => `${key}=${value}`)].join(' ')
}

/** Makes a lock record a step after each acquisition and before each release. */
function watchLock(lock: RwLock, recorder: Recorder, name: string): void {
  Object.assign(lock, {
    reading: around(lock.reading.bind(lock), recorder, `${name}read lock`),
    writing: around(lock.writing.bind(lock), recorder, `${name}write lock`),
  })
}

function watchMutex(mutex: Mutex, recorder: Recorder): void {
  Object.assign(mutex, { holding: around(mutex.holding.bind(mutex), recorder, 'mutex') })
}

function watchQueue(queue: CleanupQueue, recorder: Recorder): void {
  const push = queue.push.bind(queue)
  Object.assign(queue, {
    push(id: string, attempts?: number) {
      push(id, attempts)
      recorder.step('queue', id)
    },
  })
}

type Section = <Result>(inside: () => Result) => Result

function around(section: Section, recorder: Recorder, name: string): Section {
  return (inside) =>
    section(() => {
      recorder.step(`acquire ${name}`)
      const result = inside()
      recorder.step(`release ${name}`)
      return result
    })
}
