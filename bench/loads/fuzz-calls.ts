/** Every public method of a session manager and of the express store, called on one memory. */
import type { SessionData } from 'express-session'
import { RacelabError } from '../../src/errors.ts'
import type { Database } from '../../src/store/database/database.ts'
import { SharedMemoryStore } from '../../src/store/express/store.ts'
import { SessionManager } from '../../src/store/manager.ts'
import { IDS, KILLED, below } from './fuzz-memory.ts'
import type { Below } from './fuzz-memory.ts'
import { noCalls } from './fuzz-report.ts'
import type { Calls } from './fuzz-report.ts'

/** Called around each call with its name. */
export interface Watch {
  begins(name: string): void
  ends(name: string): void
}

interface Subject {
  readonly sessions: SessionManager
  /** The same with a database, which refuses every second deletion. */
  readonly backed: SessionManager
  readonly store: SharedMemoryStore
  readonly random: Below
  /** For the calls of the express store that answer later. */
  readonly later: (failure: unknown) => void
}

type Call = (subject: Subject, id: string) => unknown

/** The calls about one session. */
const SESSION_CALLS: Readonly<Record<string, Call>> = {
  getSession: ({ sessions }, id) => [...(sessions.getSession(id)?.metadata ?? [])],
  'getSession again': ({ sessions }, id) => sessions.getSession(id),
  'getSession from the near cache': ({ sessions }, id) => sessions.getSession(id),
  getMetadata: ({ sessions }, id) => [sessions.getMetadata(id, 'k'), sessions.getMetadata(id, 'none')],
  getMany: ({ sessions }, id) => sessions.getMany([id, 'b', id]),
  incrementAccess: ({ sessions }, id) => sessions.incrementAccess(id),
  updateSession: ({ sessions, random }, id) => sessions.updateSession(id, 'k', JSON.stringify('.'.repeat(random(40)))),
  'updateSession of a new key': ({ sessions }, id) => sessions.updateSession(id, 'new', '"v"'),
  incrementAccesses: ({ sessions }, id) => sessions.incrementAccesses([id, 'b', id]),
  updateSessions: ({ sessions }, id) => sessions.updateSessions([id, 'b'], 'k', ['"1"', '"2"']),
  changeMetadata: ({ sessions }, id) =>
    sessions.changeMetadata(id, (metadata) => {
      metadata.set('k', '"changed"')
      return { timeToLive: 1e9 }
    }),
  touch: ({ sessions }, id) => sessions.touch(id, Infinity),
  revokeAuthentication: ({ sessions }, id) => sessions.revokeAuthentication(id),
  refreshFromDatabase: ({ backed }, id) => backed.refreshFromDatabase(id),
  'get of express': ({ store, later }, id) => store.get(id, later),
  'touch of express': ({ store }, id) => store.touch(id, { cookie: {} } as SessionData),
  'set of express': ({ store }, id) => store.set(id, { cookie: {}, n: 1 } as unknown as SessionData),
  'destroy of express': ({ store, random }, id) => random(2) === 0 && store.destroy(id),
  deleteSession: ({ sessions, random }, id) => random(2) === 0 && sessions.deleteSession(id),
  createSession: ({ sessions }, id) => sessions.createSession('u', 'n', { id }),
  'createSession with a row': ({ backed }, id) => backed.createSession('u', 'n', { id: `${id}2` }),
}

/** The calls about the whole store. */
const STORE_CALLS: Readonly<Record<string, Call>> = {
  getStats: ({ sessions }) => sessions.getStats(),
  getActiveCount: ({ sessions }) => sessions.getActiveCount(),
  getCleanupQueueSize: ({ sessions }) => sessions.getCleanupQueueSize(),
  getIds: ({ sessions }) => sessions.getIds(),
  verify: ({ sessions }) => sessions.verify(),
  'all of express': ({ store, later }) => store.all(later),
  'length of express': ({ store, later }) => store.length(later),
  'clear of express': ({ store, random }) => random(8) === 0 && store.clear(),
  createSession: ({ sessions }) => sessions.createSession('u', 'n'),
  runCleanup: ({ sessions }) => sessions.runCleanup(),
  'runCleanup with a database': ({ backed }) => backed.runCleanup({ limit: Infinity }),
  takeDeadLetters: ({ sessions }) => sessions.takeDeadLetters(),
  recover: ({ sessions }) => sessions.recover(KILLED[0] - 1),
  'recover the second': ({ sessions }) => sessions.recover(KILLED[1] - 1),
}

/**
 * Makes managers over a memory and calls every method, in an order that the seed decides. `patience`: how many milliseconds an operation
 * waits; undefined for the default.
 */
export async function callAll(
  memory: SharedArrayBuffer,
  seed: number,
  patience?: number,
  watch?: Watch,
): Promise<Calls> {
  const seen = noCalls()
  const options = patience === undefined ? {} : { patience }
  const sessions = attempt(seen, 'SessionManager', () => new SessionManager(memory, options), watch)
  if (sessions === undefined) return seen
  const backed = new SessionManager(memory, { ...options, database: halfRefusing() })
  const later = (failure: unknown): void => void (failure instanceof Error && note(seen, 'express', failure))
  const subject = { sessions, backed, store: new SharedMemoryStore(sessions), random: below(seed), later }
  for (const [name, call, id] of inRandomOrder(subject.random)) attempt(seen, name, () => call(subject, id), watch)
  // The express store answers before this.
  await new Promise(setImmediate)
  return seen
}

function halfRefusing(): Database {
  let asked = 0
  const row = {
    version: 5,
    data: { userId: 'u', username: 'n', accessCount: 1, isAuthenticated: true, lastActivity: 0, metadata: new Map() },
  }
  return {
    fetch: () => row,
    store() {},
    delete() {
      if (asked++ % 2 === 0) throw new Error('the row is locked')
    },
    close() {},
  }
}

function inRandomOrder(random: Below): (readonly [name: string, call: Call, id: string])[] {
  const ids = [...IDS, 'no such id'].filter(() => random(3) > 0)
  const all = ids.flatMap((id) => Object.entries(SESSION_CALLS).map(([name, call]) => [name, call, id] as const))
  for (const [name, call] of Object.entries(STORE_CALLS)) all.push([name, call, ''])
  // Some memories are first read, others first recovered or cleaned up.
  return all
    .map((call) => ({ call, at: random(2 ** 30) }))
    .sort((one, other) => one.at - other.at)
    .map(({ call }) => call)
}

function attempt<Result>(seen: Calls, name: string, call: () => Result, watch?: Watch): Result | undefined {
  seen.calls++
  watch?.begins(name)
  try {
    const result = call()
    seen.results++
    return result
  } catch (failure) {
    note(seen, name, failure)
    return undefined
  } finally {
    watch?.ends(name)
  }
}

function note({ errors, unnamed }: Calls, name: string, failure: unknown): void {
  if (!(failure instanceof RacelabError))
    unnamed.push(
      `${name}: ${String((failure as Error)?.stack)
        .split('\n')
        .slice(0, 6)
        .join('\n')}`,
    )
  else errors[failure.name] = (errors[failure.name] ?? 0) + 1
}
