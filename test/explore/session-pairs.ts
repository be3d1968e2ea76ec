/** Operations of the session manager in pairs, each on the smallest store where they can meet. */
import { storeRaces, namedWords } from '../../src/bugs/named-words.ts'
import { allocateOneRow, openOneRow } from '../../src/database/one-row.ts'
import type { Database, RowData } from '../../src/database/database.ts'
import { type Scenario, scenario } from '../../src/scenario.ts'
import { census } from '../../src/session/census.ts'
import { createSession } from '../../src/session/create-session.ts'
import { deleteSession } from '../../src/session/delete-session.ts'
import { SessionExistsError, SessionNotFoundError, StoreFullError } from '../../src/session/errors.ts'
import { refreshFromDatabase } from '../../src/session/refresh-from-database.ts'
import { runCleanup } from '../../src/session/run-cleanup.ts'
import { allocateSessionStore } from '../../src/session/allocate.ts'
import { SessionStore } from '../../src/session/store.ts'
import { touchSession } from '../../src/session/touch-session.ts'
import { updateSession } from '../../src/session/update-session.ts'
import { verify } from '../../src/session/verify.ts'

interface Memory {
  readonly store: SharedArrayBuffer
  readonly row: SharedArrayBuffer
}

type Act = (store: SessionStore, database: Database) => string

/** A row of version 2 and above: somebody else has set the key. */
function dataOf(version: number): RowData {
  const metadata = new Map([['k', version === 1 ? '0' : 'r']])
  return { userId: '', username: '', accessCount: 0, isAuthenticated: true, lastActivity: Date.now(), metadata }
}

const ID = 'a'
const update = updateSession.cas
const remove = deleteSession['state-machine']
const refresh = refreshFromDatabase['version-equal']
const cleanUp = runCleanup['dead-letter']

/** What is expected to be refused, as a word; all other exceptions are failures. */
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

function shown(store: SessionStore): string {
  const found = store.look(ID)
  if (found === undefined) return 'none'
  const { accessCount, version, metadata } = found.session
  return `${[...metadata].flat().join('')} ×${accessCount} v${version}`
}

export const acts = {
  'set x': (store) => attempt(() => update(store, ID, 'k', 'x')),
  'set y': (store) => attempt(() => update(store, ID, 'k', 'y')),
  'set another': (store) => attempt(() => update(store, ID, 'l', 'z')),
  delete: (store) => attempt(() => remove(store, ID)),
  refresh: (store, database) => attempt(() => refresh(store, database, ID)),
  create: (store) => attempt(() => createSession(store, undefined, '', '', { id: ID })),
  'create with a row': (store, database) => attempt(() => createSession(store, database, '', '', { id: ID })),
  'clean up': (store, database) => attempt(() => cleanUp(store, database).cleaned),
  get: (store) => shown(store),
  touch: (store) => attempt(() => touchSession(store, ID, 60_000)),
  list: (store) => store.ids().join(' '),
  count: (store) => `${census(store).active}`,
  /** The slot is emptied and taken again, by a session of the same id: what stood there is not what stands there. */
  'delete, clean up and create': (store, database) =>
    attempt(() => {
      remove(store, ID)
      cleanUp(store, database)
      createSession(store, undefined, '', '', { id: ID, metadata: new Map([['k', '0']]) })
    }),
} satisfies Record<string, Act>

export type ActName = keyof typeof acts

/** Some of them at once. In the end the store is quiet, and must be sound. */
export function together(start: 'empty' | 'session' | 'deleted', ...names: readonly ActName[]): Scenario {
  const actors = Object.fromEntries(
    names.map((name, index) => [
      `${index + 1}: ${name}`,
      ({ store, row }: Memory) => acts[name](new SessionStore(store), openOneRow(row, dataOf)),
    ]),
  )
  return scenario<Memory, Record<string, string>>({
    name: names.join(' × '),
    memory() {
      const creators = names.filter((name) => name.includes('create')).length
      const memory = {
        store: allocateSessionStore({ capacity: Math.max(1, creators), metadataBytes: 32 }),
        row: allocateOneRow(),
      }
      if (start === 'empty') return memory
      const store = new SessionStore(memory.store)
      const database = openOneRow(memory.row, dataOf)
      createSession(store, database, '', '', { id: ID, metadata: new Map([['k', '0']]) })
      if (start === 'deleted') remove(store, ID)
      else database.store(ID, { version: 2, data: dataOf(2) })
      return memory
    },
    actors,
    observe: ({ store }, results) =>
      [...names.map((name, index) => results[`${index + 1}: ${name}`]), shown(new SessionStore(store))].join(', '),
    invariant({ store }) {
      const problems = verify(new SessionStore(store))
      if (problems.length > 0) throw new Error(problems.join('; '))
    },
    names: ({ store, row }) => ({ ...namedWords(store), row: [new Int32Array(row), 0] }),
    races: storeRaces,
  })
}
