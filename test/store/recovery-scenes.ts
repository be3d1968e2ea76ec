/** Small stores, operations on them, and what must hold when a thread has been killed within one and was recovered. */
import { afterEach, beforeEach, expect, vi } from 'vitest'
import type { Database, Row } from '../../src/store/database/database.ts'
import { evictNone } from '../../src/store/evict.ts'
import { SessionManager } from '../../src/store/manager.ts'
import { allocateSessionStore } from '../../src/store/allocate.ts'
import { killedAt } from './crash.ts'
import { resultOf } from './stores.ts'

/** The threads of these agents are killed. */
export const VICTIM = 7
export const MENDER = 8
export const agentOf = (thread: number) => thread + 1

const BEFORE = 1_700_000_000_000
const LONG = 'a value that takes more words than the others'

/** Sets the clock for each test of a file. */
export function controlClock(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: BEFORE })
  })
  afterEach(() => {
    vi.useRealTimers()
  })
}

/** A recovery that had nothing to mend. */
export const NOTHING_MENDED = { completed: 0, undone: 0, requeued: 0 }

export interface Scene {
  readonly memory: SharedArrayBuffer
  readonly rows: Map<string, Row>
  readonly database: Database | undefined
  /** Whether the database refuses to drop rows. */
  isStubborn: boolean
  /** Whether dead letters were taken, whose rows stay. */
  keepsRows: boolean
  /** What the database calls before it stores or drops a row. */
  meanwhile: () => void
}

export function scene(withDatabase: boolean): Scene {
  const rows = new Map<string, Row>()
  const database: Database = {
    fetch: (id) => rows.get(id),
    store(id, row) {
      made.meanwhile()
      rows.set(id, row)
    },
    delete(id) {
      made.meanwhile()
      if (made.isStubborn) throw new Error('the row is locked')
      rows.delete(id)
    },
    close() {},
  }
  vi.setSystemTime(BEFORE)
  const memory = allocateSessionStore({ capacity: 3, metadataBytes: 160, agents: 3 })
  const made: Scene = {
    memory,
    rows,
    database: withDatabase ? database : undefined,
    isStubborn: false,
    keepsRows: false,
    meanwhile: nothing,
  }
  const sessions = managerOf(made)
  sessions.createSession('u1', 'alice', {
    id: 'a',
    metadata: new Map([
      ['k', 'old'],
      ['l', 'kept'],
    ]),
  })
  sessions.createSession('u2', 'bob', { id: 'gone' })
  sessions.deleteSession('gone')
  return made
}

export function managerOf({ memory, database }: Scene): SessionManager {
  return new SessionManager(memory, database && { database })
}

/** What can be seen of the sessions. */
function seen(scene: Scene): unknown {
  const sessions = managerOf(scene)
  return sessions
    .getIds()
    .sort()
    .map((id) => sessions.getSession(id))
}

export type Act = (sessions: SessionManager, scene: Scene) => unknown

const OPERATIONS: Record<string, Act> = {
  'an access is counted': (sessions) => sessions.incrementAccess('a'),
  'accesses are counted': (sessions) => sessions.incrementAccesses(['a']),
  'a value is replaced by one of its size': (sessions) => sessions.updateSession('a', 'k', 'new'),
  'a value is replaced by a longer one': (sessions) => sessions.updateSession('a', 'k', LONG),
  // It might take more words than the notes have room for.
  'a value is replaced by one of a hundred characters': (sessions) => sessions.updateSession('a', 'k', 'x'.repeat(100)),
  'a value is replaced by a shorter one': (sessions) => sessions.updateSession('a', 'l', ''),
  'a key is added': (sessions) => sessions.updateSession('a', 'm', 'new'),
  'a value that does not fit is refused': (sessions) =>
    resultOf(() => sessions.updateSession('a', 'm', 'x'.repeat(150))),
  'metadata are changed': (sessions) =>
    sessions.changeMetadata('a', (metadata) => {
      metadata.delete('k')
      metadata.set('m', LONG)
    }),
  'a session is touched': (sessions) => sessions.touch('a', 60_000),
  'an authentication is revoked': (sessions) => sessions.revokeAuthentication('a'),
  'a session is deleted': (sessions) => sessions.deleteSession('a'),
  'a session is deleted and cleaned up at once': (sessions) => sessions.deleteSession('a', { cleanUp: true }),
  'a session is created, and room is made for it': (sessions) => {
    resultOf(() => sessions.createSession('u4', 'dora', { id: 'b' }))
    return resultOf(() => sessions.createSession('u5', 'eve', { id: 'c', evict: evictNone }))
  },
  'a session is created': (sessions) =>
    sessions.createSession('u3', 'carol', { id: 'new', metadata: new Map([['k', 'v']]) }),
  'a session is created that exists': (sessions) => resultOf(() => sessions.createSession('u3', 'carol', { id: 'a' })),
  'a session is created in a full store': (sessions) => {
    resultOf(() => sessions.createSession('u4', 'dora', { id: 'b' }))
    return resultOf(() => sessions.createSession('u5', 'eve', { id: 'c' }))
  },
  'a clean-up frees a slot': (sessions) => sessions.runCleanup(),
  'a session is read': (sessions) => sessions.getSession('a'),
  'sessions are read': (sessions) => sessions.getMany(['a', 'gone']),
  'a metadata key is read': (sessions) => sessions.getMetadata('a', 'l'),
  'sessions are counted': (sessions) => sessions.getStats(),
}

const WITH_DATABASE: Record<string, Act> = {
  ...OPERATIONS,
  'a clean-up fails': (sessions, scene) => {
    scene.isStubborn = true
    sessions.runCleanup()
    scene.isStubborn = false
  },
  'a dead letter is taken': (sessions, scene) => {
    scene.isStubborn = true
    sessions.runCleanup({ mostAttempts: 1 })
    scene.isStubborn = false
    scene.keepsRows = true
    sessions.takeDeadLetters()
  },
  'a session is created by a database that uses the store': (sessions, scene) => {
    scene.meanwhile = () => sessions.incrementAccess('a')
    return sessions.createSession('u3', 'carol', { id: 'new' })
  },
  'a row is dropped by a database that uses the store': (sessions, scene) => {
    scene.meanwhile = () => sessions.updateSession('a', 'k', 'new')
    return sessions.runCleanup()
  },
  'a session is refreshed': (sessions, { rows }) => {
    const row = rows.get('a')
    if (row) rows.set('a', { version: row.version + 1, data: { ...row.data, username: LONG } })
    return sessions.refreshFromDatabase('a')
  },
}

/** Checks that the store works as if no thread had been killed. */
function expectSound(scene: Scene, what: string): void {
  const sessions = managerOf(scene)
  expect(sessions.verify(), what).toEqual([])
  expect(sessions.recover(VICTIM), what).toEqual(NOTHING_MENDED)
  for (const id of sessions.getIds()) {
    sessions.updateSession(id, 'k', 'after')
    expect(sessions.getSession(id)!.metadata.get('k'), what).toBe('after')
    expect(sessions.getMetadata(id, 'k'), what).toBe('after')
  }
  sessions.runCleanup({ limit: Infinity })
  const live = sessions.getIds()
  const letters = sessions.takeDeadLetters()
  if (scene.database && !scene.keepsRows)
    expect([...scene.rows.keys()].sort(), what).toEqual([...live, ...letters].sort())
  for (let free = 3 - live.length; free > 0; free--) sessions.createSession('u', 'n', { id: `more ${free}` })
  expect(
    resultOf(() => sessions.createSession('u', 'n')),
    what,
  ).toBe('ERR_RACELAB_STORE_FULL')
  expect(sessions.verify(), what).toEqual([])
}

/** A text of what can be seen of the sessions. Of times it says only whether they were set before the operation. */
export function statesOf(scene: Scene): string {
  const plain = (value: unknown): unknown => {
    if (value instanceof Map) return [...value]
    return typeof value === 'number' && value >= BEFORE ? (value === BEFORE ? 'before' : 'later') : value
  }
  return JSON.stringify(seen(scene), (_, value) => plain(value))
}

/** The states that a scene may be in before, between and after the operations of an act. */
export function statesOnTheWay(made: Scene, act: Act): Set<string> {
  const states = new Set([statesOf(made)])
  vi.setSystemTime(BEFORE + 1000)
  const watched = new Proxy(managerOf(made), {
    get: (sessions, name) => {
      const method = Reflect.get(sessions, name) as (...args: unknown[]) => unknown
      return (...args: unknown[]) => {
        try {
          return method.apply(sessions, args)
        } finally {
          states.add(statesOf(made))
        }
      }
    },
  })
  act(watched, made)
  return states
}

/** Lets a thread be killed before a step of an act; returns the scene, or undefined if the act ends before. */
export function killedScene(
  withDatabase: boolean,
  act: Act,
  step: number,
  before: (made: Scene) => void = nothing,
): Scene | undefined {
  const made = scene(withDatabase)
  before(made)
  const isKilled = killedAt(step, agentOf(VICTIM), () => act(managerOf(made), made))
  calm(made)
  vi.setSystemTime(BEFORE + 1000)
  return isKilled ? made : undefined
}

/** The scenes in which a thread was killed before each step of an act, in turn. */
export function* killedScenes(withDatabase: boolean, act: Act): Generator<readonly [step: number, made: Scene]> {
  for (let step = 0; ; step++) {
    const made = killedScene(withDatabase, act, step)
    if (made === undefined) return
    yield [step, made]
  }
}

/** Lets the database work again as it should. */
export function calm(made: Scene): void {
  made.isStubborn = false
  made.meanwhile = nothing
}

function nothing(): void {}

/** Checks that a scene is in one of the states, and sound. */
export function expectMended(made: Scene, states: ReadonlySet<string>, what: string): void {
  expect([...states], what).toContain(statesOf(made))
  expectSound(made, what)
}

/** The operations with and without a database. */
export const CASES = [
  ['in memory', false, OPERATIONS],
  ['with a database', true, WITH_DATABASE],
] as const
