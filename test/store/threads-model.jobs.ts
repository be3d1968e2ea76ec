/** The jobs of threads that run programs on one session store and record what they saw. */
import type { Database } from '../../src/store/database/database.ts'
import { randomNumbers } from '../../src/explore/model/random-numbers.ts'
import { allocateLabStore } from '../../src/lab/variants/lab-memory.ts'
import { LabStore } from '../../src/lab/variants/lab-store.ts'
import { incrementAccess } from '../../src/lab/variants/increment-access.ts'
import { SessionManager } from '../../src/store/manager.ts'
import type { Session } from '../../src/store/session.ts'
import { gather } from '../threads.ts'
import { HOUR, make } from './one-session.ts'
import type { Change, Entries, Live } from './one-session.ts'
import { withNoise } from './noise.ts'
import { NOT_FOUND, resultOf, serveMemories } from './stores.ts'

export type Operation =
  | { readonly do: 'create'; readonly id: string; readonly user: string; readonly metadata: Entries }
  | { readonly do: 'get' | 'increment' | 'delete'; readonly id: string }
  | { readonly do: 'update'; readonly id: string; readonly key: string; readonly value: string }
  | { readonly do: 'get key'; readonly id: string; readonly key: string }
  | { readonly do: 'get all'; readonly ids: readonly string[] }
  | { readonly do: 'increment all'; readonly ids: readonly string[] }
  | {
      readonly do: 'update all'
      readonly ids: readonly string[]
      readonly key: string
      readonly values: readonly string[]
    }
  | { readonly do: 'touch'; readonly id: string; readonly hours: number }
  | { readonly do: 'change'; readonly id: string; readonly change: Change }
  | { readonly do: 'clean up'; readonly limit: number }
  | { readonly do: 'list' }
  | { readonly do: 'count' }

/** A call of the database within an operation, to store a row or to delete it. */
export interface Asked {
  readonly id: string
  readonly at: number
}

/** An operation that was done, with its result and its stamps. */
export interface Done {
  readonly operation: Operation
  readonly result: unknown
  readonly called: number
  readonly returned: number
  /** The calls of the database; undefined if there was none. */
  readonly asked: readonly Asked[] | undefined
}

/** What all threads on a store share. */
export interface Place {
  readonly memory: SharedArrayBuffer
  /** One word, which each stamp increments. */
  readonly clock: Int32Array
  readonly hasDatabase: boolean
}

export interface Work extends Place {
  /** One for each thread. */
  readonly programs: readonly (readonly Operation[])[]
  /** The seed of the noise. */
  readonly seed: number
  /** The noise is a sleep before one in this many shared accesses. */
  readonly oneIn: number
}

/** The native method, whose calls get no noise. */
const { add } = Atomics

/** Returns a function that does an operation and records it. The database has no rows; it records its calls. */
export function recorder({ memory, clock, hasDatabase }: Place): (operation: Operation) => Done {
  const stamp = (): number => add(clock, 0, 1)
  let asked: Asked[] = []
  const ask = (id: string): void => void asked.push({ id, at: stamp() })
  const database: Database = { fetch: () => undefined, store: ask, delete: ask, close: () => {} }
  const sessions = new SessionManager(memory, hasDatabase ? { database } : {})
  return (operation) => {
    asked = []
    const called = stamp()
    const result = perform(sessions, operation)
    return { operation, result, called, returned: stamp(), asked: hasDatabase ? asked : undefined }
  }
}

function perform(sessions: SessionManager, operation: Operation): unknown {
  switch (operation.do) {
    case 'create': {
      const { id, user, metadata } = operation
      return resultOf(() => sessions.createSession(user, user, { id, metadata: new Map(metadata) }))
    }
    case 'get':
      return plain(sessions.getSession(operation.id))
    case 'get key':
      return sessions.getMetadata(operation.id, operation.key)
    case 'get all':
      return sessions.getMany(operation.ids).map(plain)
    case 'increment':
      return resultOf(() => sessions.incrementAccess(operation.id))
    case 'delete':
      return sessions.deleteSession(operation.id)
    case 'update':
      return resultOf(() => sessions.updateSession(operation.id, operation.key, operation.value))
    case 'increment all':
      return sessions.incrementAccesses(operation.ids)
    case 'update all':
      return resultOf(() => sessions.updateSessions(operation.ids, operation.key, operation.values))
    case 'touch':
      return resultOf(() => sessions.touch(operation.id, operation.hours * HOUR))
    case 'change':
      return change(sessions, operation)
    case 'clean up':
      return sessions.runCleanup({ limit: operation.limit })
    case 'list':
      return sessions.getIds()
    default:
      return sessions.getStats()
  }
}

function change(sessions: SessionManager, { id, change }: Extract<Operation, { do: 'change' }>): unknown {
  let seen: Entries = []
  const got = resultOf(() =>
    sessions.changeMetadata(id, (metadata) => {
      seen = [...metadata]
      return make(change, metadata)
    }),
  )
  // A session that is gone now may have been seen by an earlier call of the change.
  return got === NOT_FOUND ? got : { seen, got }
}

/** Returns a session as the model represents it. */
function plain(session: Session | undefined): Live | undefined {
  if (session === undefined) return undefined
  const { id, userId, username, accessCount, version, expiresAt, metadata } = session
  const hours = Math.round((expiresAt - Date.now()) / HOUR)
  return { names: [id, userId, username], accessCount, version, hours, metadata: [...metadata] }
}

const jobs = {
  /** Runs this thread's program with noise. */
  perform({ programs, seed, oneIn, ...place }: Work, thread: number): Done[] {
    return withNoise(randomNumbers(seed + thread), oneIn, () => programs[thread]!.map(recorder(place)))
  },

  /** Counts an access with the buggy variant, and waits in its gap until all other threads have read as well. */
  incrementTogether({ memory, clock, met }: Place & { readonly met: Int32Array }, _: number, count: number): Done[] {
    const { extras, queueCapacity } = allocateLabStore({ capacity: 1 })
    const store = new LabStore({ sessions: memory, extras, queueCapacity })
    const called = add(clock, 0, 1)
    const result = incrementAccess.buggy(store, 'a', () => gather(met, 0, count))
    return [{ operation: { do: 'increment', id: 'a' }, result, called, returned: add(clock, 0, 1), asked: undefined }]
  },
}

export type Jobs = typeof jobs
serveMemories(jobs)
