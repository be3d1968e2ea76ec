/**
 * Watching: a store and a database that record each step of the operations that use them. The operations are the same ones;
 * only what they stand on is watched.
 *
 * Each step takes its place from one counter in shared memory, while the step's lock is held: so no other step that the lock
 * excludes can come between a step and its place.
 */
import type { Database, Row } from '../store/database/database.ts'
import type { ObservedSession, Step } from './load.ts'
import { CleanupQueue } from '../store/cleanup-queue.ts'
import { type Reading, SessionStore } from '../store/store.ts'
import type { Session } from '../store/session.ts'
import type { Place } from '../store/records.ts'
import type { Mutex } from '../sync/mutex.ts'
import type { RwLock } from '../sync/rw-lock.ts'

/** Writes down the steps of one worker. */
export class Recorder {
  readonly steps: Step[] = []
  readonly #worker: number
  readonly #clock: Int32Array
  readonly #at: number
  #operation = 0

  /** The clock is a shared word that counts the steps of all workers. */
  constructor(worker: number, clock: Int32Array, at: number) {
    this.#worker = worker
    this.#clock = clock
    this.#at = at
  }

  nextOperation(): void {
    this.#operation++
  }

  step(action: string, detail = '', session?: ObservedSession): void {
    const sequence = Atomics.add(this.#clock, this.#at, 1)
    const step = { sequence, worker: this.#worker, operation: this.#operation, action, detail }
    this.steps.push(session === undefined ? step : { ...step, session })
  }
}

const REFUSED = 'it has changed since it was read'

export class WatchedStore extends SessionStore {
  readonly #recorder: Recorder
  #session?: Session

  constructor(memory: SharedArrayBuffer, recorder: Recorder) {
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

  override insert(session: Session, first?: () => void): void {
    super.insert(session, first)
    this.#recorder.step('create', session.id)
  }

  override writeIf(place: Place, session: Session): boolean {
    const written = super.writeIf(place, session)
    if (written) this.#recorder.step('write', '', observed(session))
    else this.#recorder.step('write refused', REFUSED)
    return written
  }

  override place(id: string): Place {
    const { session, place } = this.reading(id)
    this.#session = session
    return place
  }

  override countIf(place: Place): number | undefined {
    const count = super.countIf(place)
    this.#changed(count !== undefined)
    return count
  }

  override setIf(place: Place, key: string, value: string): boolean {
    const written = super.setIf(place, key, value)
    this.#changed(written, [key, value])
    return written
  }

  /** A change was made of the session that was placed last, or was refused. */
  #changed(written: boolean, entry?: [key: string, value: string]): void {
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

function observed({ id, accessCount, version, isAuthenticated, metadata }: Session): ObservedSession {
  return { id, accessCount, version, isAuthenticated, metadata: Object.fromEntries(metadata) }
}

/** The same database, each answer written down. */
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

/** Recorded after it is locked and before it is unlocked: inside. */
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
