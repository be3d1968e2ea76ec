/** Pairs of operations of the session manager, each on the smallest store in which they can conflict. */
import { storeRaces, sessionWords } from '../../src/lab/lessons/named-words.ts'
import { allocateOneRow, openOneRow } from '../../src/lab/databases/one-row.ts'
import type { Database, RowData } from '../../src/store/database/database.ts'
import { scenario } from '../../src/scenario.ts'
import type { Scenario } from '../../src/scenario.ts'
import { allocateSessionStore } from '../../src/store/allocate.ts'
import { SessionExistsError, SessionNotFoundError, StoreFullError } from '../../src/store/errors.ts'
import { evictOldest } from '../../src/store/evict.ts'
import { SessionManager } from '../../src/store/manager.ts'
import type { Session } from '../../src/store/session.ts'
import { SessionStore } from '../../src/store/store.ts'

export interface Memory {
  readonly store: SharedArrayBuffer
  readonly row: SharedArrayBuffer
}

type Act = (memory: Memory) => string

export const ID = 'a'
/** The search for these ids begins at the same slot. With the longer id, each word of text has another position. */
export const OTHER = 'c'
export const LONGER = 'newer'

/** The managers wait without end: a wait that can end by itself would add schedules. */
const PATIENT = { patience: Infinity }

/** A manager of sessions that live in memory only. */
function cached({ store }: Memory): SessionManager {
  return new SessionManager(store, PATIENT)
}

/** A manager whose sessions have rows: all of them have the same row. */
function backed(memory: Memory): SessionManager {
  return new SessionManager(memory.store, { ...PATIENT, database: databaseOf(memory) })
}

function databaseOf({ row }: Memory): Database {
  return openOneRow(row, dataOf)
}

/** A row of version 2 or above: another writer has set the key. */
function dataOf(version: number): RowData {
  const metadata = new Map([['k', version === 1 ? '0' : 'r']])
  return { userId: '', username: '', accessCount: 0, isAuthenticated: true, lastActivity: Date.now(), metadata }
}

/** Returns an expected refusal as a word; every other exception is a failure. */
function attempt(act: () => string | number | boolean | void): string {
  try {
    return String(act() ?? 'done')
  } catch (refusal) {
    if (refusal instanceof SessionNotFoundError) return 'none'
    if (refusal instanceof SessionExistsError) return 'exists'
    if (refusal instanceof StoreFullError) return 'full'
    throw refusal
  }
}

function shown(session: Session | undefined): string {
  if (session === undefined) return 'none'
  const { accessCount, version, metadata, expiresAt, isAuthenticated } = session
  return `${[...metadata].flat().join('')} ×${accessCount} v${version}${expiresAt === Infinity ? '' : ' for a while'}${isAuthenticated ? '' : ' revoked'}`
}

const K0 = { id: ID, metadata: new Map([['k', '0']]) }
const KO = new Map([['k', 'o']])
const FOR_A_WHILE = 60_000

/** Gets the session until the agent's near cache knows where it is: an id is let in when it is asked for a second time. */
function warm(sessions: SessionManager): SessionManager {
  for (let ask = 0; ask < 2; ask++) sessions.getSession(ID)
  return sessions
}

function setKey(sessions: SessionManager, key: string): boolean {
  return sessions.changeMetadata(ID, (metadata) => void metadata.set(key, 'c'))
}

/** Empties the session's slot. */
function makeRoom(memory: Memory): void {
  const sessions = backed(memory)
  sessions.deleteSession(ID)
  sessions.runCleanup()
}

const punctual = {
  'set x': (memory) => attempt(() => cached(memory).updateSession(ID, 'k', 'x')),
  'set y': (memory) => attempt(() => cached(memory).updateSession(ID, 'k', 'y')),
  'set another': (memory) => attempt(() => cached(memory).updateSession(ID, 'l', 'z')),
  'change l': (memory) => attempt(() => setKey(cached(memory), 'l')),
  'change m': (memory) => attempt(() => setKey(cached(memory), 'm')),
  increment: (memory) => attempt(() => cached(memory).incrementAccess(ID)),
  touch: (memory) => attempt(() => cached(memory).touch(ID, FOR_A_WHILE)),
  revoke: (memory) => attempt(() => cached(memory).revokeAuthentication(ID)),
  refresh: (memory) => attempt(() => backed(memory).refreshFromDatabase(ID)),
  delete: (memory) => attempt(() => cached(memory).deleteSession(ID)),
  create: (memory) => attempt(() => cached(memory).createSession('', '', { id: ID })),
  'create with a row': (memory) => attempt(() => backed(memory).createSession('', '', { id: ID })),
  /** Takes the place of the session, if that may be taken away from it. */
  'create another, evicting': (memory) =>
    attempt(() => cached(memory).createSession('', '', { id: OTHER, metadata: KO, evict: evictOldest })),
  'delete at once': (memory) => attempt(() => cached(memory).deleteSession(ID, { cleanUp: true })),
  'clean up': (memory) => attempt(() => backed(memory).runCleanup().cleaned),
  get: (memory) => shown(cached(memory).getSession(ID)),
  'get k': (memory) => cached(memory).getMetadata(ID, 'k') ?? 'none',
  list: (memory) => cached(memory).getIds().join(' ') || 'nobody',
  'count active': (memory) => `${cached(memory).getActiveCount()}`,
  'count queue': (memory) => `${cached(memory).getCleanupQueueSize()}`,
  stats: (memory) => {
    const { activeSessions, cleanupQueueSize, deadLetters } = cached(memory).getStats()
    return `${activeSessions}+${cleanupQueueSize}+${deadLetters}`
  },
  'take dead letters': (memory) => cached(memory).takeDeadLetters().join(' ') || 'nobody',
  /** The slot is emptied and taken again by a new session with the same id: a reader must not take it for the old one. */
  'delete, clean up and create': (memory) =>
    attempt(() => {
      makeRoom(memory)
      cached(memory).createSession('', '', K0)
    }),
  /** The slot is emptied and taken again by a session with another id. */
  'delete, clean up and create another': (memory) =>
    attempt(() => {
      makeRoom(memory)
      cached(memory).createSession('', '', { id: OTHER, metadata: KO })
    }),
  'delete, clean up and create a longer one': (memory) =>
    attempt(() => {
      makeRoom(memory)
      cached(memory).createSession('', '', { id: LONGER, metadata: KO })
    }),
  /** What the near cache says last is what was asked for; the rest is on the way there. */
  'get thrice': (memory) => shown(warm(cached(memory)).getSession(ID)),
  'get twice, set x': (memory) => attempt(() => warm(cached(memory)).updateSession(ID, 'k', 'x')),
  'get twice, increment': (memory) => attempt(() => warm(cached(memory)).incrementAccess(ID)),
  'get twice, get many': (memory) => warm(cached(memory)).getMany([ID, OTHER]).map(shown).join('+'),
  'get twice, increment all': (memory) => warm(cached(memory)).incrementAccesses([ID, OTHER]).join('+'),
  'get twice, set all': (memory) => warm(cached(memory)).updateSessions([ID, OTHER], 'k', ['x', 'x']).join('+'),
  'get twice, touch': (memory) => attempt(() => warm(cached(memory)).touch(ID, FOR_A_WHILE)),
  'get twice, delete': (memory) => attempt(() => warm(cached(memory)).deleteSession(ID)),
} satisfies Record<string, Act>

/** Acts as an agent whose clock is a millisecond ahead: an actor's clock stands still for two reads. */
function later(act: Act): Act {
  return (memory) => {
    Date.now()
    Date.now()
    return act(memory)
  }
}

const acts = {
  ...punctual,
  'later clean up': later(punctual['clean up']),
  'later get': later(punctual.get),
  'later create': later(punctual.create),
  'later list': later(punctual.list),
  'later stats': later(punctual.stats),
} satisfies Record<string, Act>

export type ActName = keyof typeof acts

/** What there is before. An expired session is so by all clocks; an expiring one by those that do not stand still any more. */
export type StartName = 'empty' | 'session' | 'deleted' | 'dead letter' | 'expired' | 'expiring'

const starts: Record<StartName, (memory: Memory) => void> = {
  empty: () => {},
  session(memory) {
    backed(memory).createSession('', '', K0)
    databaseOf(memory).store(ID, { version: 2, data: dataOf(2) })
  },
  deleted(memory) {
    backed(memory).createSession('', '', K0)
    cached(memory).deleteSession(ID)
  },
  'dead letter'(memory) {
    starts.deleted(memory)
    const refusing: Database = {
      ...databaseOf(memory),
      delete() {
        throw new Error('refused')
      },
    }
    new SessionManager(memory.store, { ...PATIENT, database: refusing }).runCleanup({ mostAttempts: 1 })
  },
  expired(memory) {
    backed(memory).createSession('', '', K0)
    const store = new SessionStore(memory.store)
    const { session, stamp } = store.reading(ID)
    store.writeIf(stamp, { ...session, expiresAt: 1 })
  },
  expiring(memory) {
    backed(memory).createSession('', '', { ...K0, timeToLive: 1 })
  },
}

/** Runs some of the operations concurrently. At the end no operation is active, and the store must be sound. */
export function together(start: StartName, ...names: readonly ActName[]): Scenario {
  return togetherWith({ agents: 0 }, start, ...names)
}

/** The same, with room for the notes of some agents. */
export function togetherWith({ agents }: { agents: number }, start: StartName, ...names: readonly ActName[]): Scenario {
  const actors = Object.fromEntries(names.map((name, index) => [`${index + 1}: ${name}`, acts[name]]))
  return scenario<Memory, Record<string, string>>({
    name: `${start}: ${names.join(' × ')}`,
    memory() {
      const creators = names.filter((name) => name.includes('create')).length
      const memory = {
        store: allocateSessionStore({ capacity: Math.max(1, creators), metadataBytes: 48, agents }),
        row: allocateOneRow(),
      }
      starts[start](memory)
      return memory
    },
    actors,
    observe(memory, results) {
      const sessions = cached(memory)
      const others = [OTHER, LONGER].filter((id) => sessions.getSession(id) !== undefined)
      const end = [shown(sessions.getSession(ID)), ...others.map((id) => `${id} ${shown(sessions.getSession(id))}`)]
      return [...names.map((name, index) => results[`${index + 1}: ${name}`]), ...end].join(', ')
    },
    invariant({ store }) {
      const problems = new SessionManager(store).verify()
      if (problems.length > 0) throw new Error(problems.join('; '))
    },
    names: ({ store, row }) => ({ ...sessionWords(store), row: [new Int32Array(row), 0] }),
    races: storeRaces,
  })
}
