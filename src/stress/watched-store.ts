/**
 * A store that records each step of the operations that use it. The operations are the same ones; only what they stand on is
 * watched.
 *
 * Each step takes its place from one counter in shared memory, while the step's lock is held: so no other step that the lock
 * excludes can come between a step and its place.
 */
import type { Observed, Step, StepAction } from '../load.ts'
import { SessionStore, type Reading } from '../session/store.ts'
import type { Session } from '../session/session.ts'
import type { Place } from '../session/table.ts'
import { Mutex } from '../sync/mutex.ts'
import { RwLock } from '../sync/rw-lock.ts'
import { LOCKS } from '../session/layout.ts'

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

  step(action: StepAction, detail = '', session?: Observed): void {
    const sequence = Atomics.add(this.#clock, this.#at, 1)
    const step = { sequence, worker: this.#worker, operation: this.#operation, action, detail }
    this.steps.push(session === undefined ? step : { ...step, session, state: detail })
  }
}

export class WatchedStore extends SessionStore {
  override readonly lock: RwLock
  override readonly mutex: Mutex
  readonly #recorder: Recorder

  constructor(memory: SharedArrayBuffer, recorder: Recorder) {
    super(memory)
    const words = new Int32Array(memory)
    const locks = this.layout.at.locks
    this.lock = watchedLock(new RwLock(words, locks + LOCKS.store), recorder)
    this.mutex = watchedMutex(new Mutex(words, locks + LOCKS.mutex), recorder)
    this.#recorder = recorder
  }

  override reading(id: string): Reading {
    const reading = super.reading(id)
    this.#recorder.step('read', show(reading.session), observed(reading.session))
    return reading
  }

  override writeIf(place: Place, session: Session): boolean {
    const written = super.writeIf(place, session)
    if (written) this.#recorder.step('write', show(session), observed(session))
    else this.#recorder.step('write refused', 'changed since it was read')
    return written
  }
}

function show({ accessCount }: Session): string {
  return `count=${accessCount}`
}

function observed({ id, accessCount, version }: Session): Observed {
  return { id, accessCount, version }
}

/** Recorded after it is locked and before it is unlocked: inside. */
function watchedLock(lock: RwLock, recorder: Recorder): RwLock {
  return Object.assign(lock, {
    reading: around(lock.reading.bind(lock), recorder, 'read lock', 'read unlock'),
    writing: around(lock.writing.bind(lock), recorder, 'write lock', 'write unlock'),
  })
}

function watchedMutex(mutex: Mutex, recorder: Recorder): Mutex {
  return Object.assign(mutex, { holding: around(mutex.holding.bind(mutex), recorder, 'mutex lock', 'mutex unlock') })
}

type Section = <Result>(inside: () => Result) => Result

function around(section: Section, recorder: Recorder, locked: StepAction, unlocked: StepAction): Section {
  return (inside) =>
    section(() => {
      recorder.step(locked)
      const result = inside()
      recorder.step(unlocked)
      return result
    })
}
