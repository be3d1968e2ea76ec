/** Every defect that was found in the session store, as the schedule that showed it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Database, Row } from '../../src/store/database/database.ts'
import { openSqlite } from '../../src/store/database/sqlite.ts'
import { SessionManager } from '../../src/store/manager.ts'
import { refreshFromDatabase } from '../../src/store/operations/refresh-from-database.ts'
import { atEveryAccess, preempt } from './preempt.ts'
import { FULL, fresh, resultOf } from './stores.ts'

/** A database of one thread, in which storing does what a test wants. */
function rowsOf(whenStored = (_id: string) => {}): Database & { readonly rows: Map<string, Row> } {
  const rows = new Map<string, Row>()
  return {
    rows,
    fetch: (id) => rows.get(id),
    store(id, row) {
      whenStored(id)
      rows.set(id, row)
    },
    delete: (id) => void rows.delete(id),
    close() {},
  }
}

describe('a creation whose row is on its way to the database', () => {
  test('cannot be deleted and cleaned up before the row is there, which then nobody would drop', () => {
    let deleted = false
    const { sessions, memory } = fresh(
      {},
      { database: rowsOf((id) => (deleted = new SessionManager(memory).deleteSession(id))) },
    )
    sessions.createSession('u', 'n', { id: 'a' })
    expect(deleted).toBe(false)
    expect(sessions.getSession('a')).toBeDefined()
  })

  test('keeps the id: nobody else can create it meanwhile', () => {
    let other: unknown
    const { sessions, memory } = fresh(
      {},
      {
        database: rowsOf((id) => (other = resultOf(() => new SessionManager(memory).createSession('u', 'n', { id })))),
      },
    )
    sessions.createSession('u', 'n', { id: 'a' })
    expect(other).toBe('ERR_RACELAB_SESSION_EXISTS')
  })

  test('leaves nothing behind when the database refuses', () => {
    const database = rowsOf(() => {
      throw new Error('refused')
    })
    const { sessions, memory } = fresh({ capacity: 1 }, { database })
    expect(() => sessions.createSession('u', 'n', { id: 'a' })).toThrow('refused')
    const others = new SessionManager(memory)
    expect(others.getStats()).toMatchObject({ activeSessions: 0, cleanupQueueSize: 0 })
    expect(others.createSession('u', 'n', { id: 'a' })).toBe('a')
  })
})

test('SQLite keeps rows of ids apart that differ in an unpaired surrogate, or in how one is escaped', () => {
  const folder = mkdtempSync(join(tmpdir(), 'racelab-test-'))
  const database = openSqlite(join(folder, 'sessions.db'))
  const data = {
    username: 'n',
    accessCount: 0,
    isAuthenticated: true,
    lastActivity: 1,
    metadata: new Map<string, string>(),
  }
  const ids = ['\ud800', '\udbff', '\uffff"\\ud800"', '"\\ud800"', '\uffff']
  for (const id of ids) database.store(id, { version: 1, data: { ...data, userId: id.length + JSON.stringify(id) } })
  expect(ids.map((id) => database.fetch(id)?.data.userId)).toEqual(ids.map((id) => id.length + JSON.stringify(id)))
  database.close()
  rmSync(folder, { recursive: true })
})

test('a refresh never brings the old session of an id over its new one', () => {
  const database = rowsOf()
  const { store, sessions } = fresh({}, { database })
  sessions.createSession('old', 'n', { id: 'a' })
  database.store('a', { ...database.fetch('a')!, version: 7 })
  const outcome = refreshFromDatabase(store, database, 'a', () => {
    sessions.deleteSession('a')
    sessions.runCleanup()
    sessions.createSession('new', 'n', { id: 'a' })
  })
  expect(outcome).toBe('discarded')
  expect(sessions.getSession('a')?.userId).toBe('new')
})

test('a place that came free is not hidden by creations that found none', () => {
  atEveryAccess((at) => {
    const { sessions, memory } = fresh({ capacity: 1 })
    sessions.createSession('u', 'n', { id: 'a' })
    const other = new SessionManager(memory)
    const { reached, other: got } = preempt(
      at,
      () => resultOf(() => sessions.createSession('u', 'n', { id: 'b' })),
      () => {
        other.deleteSession('a')
        other.runCleanup()
        return resultOf(() => other.createSession('u', 'n', { id: 'c' }))
      },
    )
    // Either may get the place; what must not be is that neither does.
    if (reached && got === FULL) expect(sessions.getActiveCount()).toBe(1)
    return { reached }
  })
})

test('versions and counts above 2^31 are neither negative nor old', () => {
  const database = rowsOf()
  const { sessions } = fresh({}, { database })
  sessions.createSession('u', 'n', { id: 'a' })
  const { data } = database.fetch('a')!
  database.store('a', { version: 2 ** 31, data: { ...data, accessCount: 2 ** 31 - 1 } })
  expect(sessions.refreshFromDatabase('a')).toBe('applied')
  expect(sessions.refreshFromDatabase('a')).toBe('discarded')
  expect(sessions.incrementAccess('a')).toBe(2 ** 31)
  expect(sessions.getSession('a')).toMatchObject({ version: 2 ** 31 + 1, accessCount: 2 ** 31 })
})

test.each([-1, 1.5, 2 ** 32, Number.NaN])(
  'a row of version %d is refused, and the session stays as it was',
  (version) => {
    const database = rowsOf()
    const { sessions } = fresh({}, { database })
    sessions.createSession('u', 'n', { id: 'a' })
    const before = sessions.getSession('a')
    database.store('a', { version, data: database.fetch('a')!.data })
    const outcome = resultOf(() => sessions.refreshFromDatabase('a'))
    expect(['ERR_RACELAB_NUMBER_RANGE', 'discarded']).toContain(outcome)
    expect(sessions.getSession('a')).toEqual(before)
  },
)

test('a refresh keeps the id, whatever a row says beside its data', () => {
  const database = rowsOf()
  const { sessions } = fresh({}, { database })
  for (const id of ['a', 'b']) sessions.createSession('u', 'n', { id })
  database.store('a', { version: 9, data: sessions.getSession('b')! })
  sessions.refreshFromDatabase('a')
  expect(sessions.getSession('a')?.id).toBe('a')
})

test('an id that no session can have is simply not there', () => {
  const { sessions } = fresh()
  expect(sessions.getSession('x'.repeat(200))).toBe(undefined)
  expect(sessions.deleteSession('x'.repeat(200))).toBe(false)
})

test('an id that waits for clean-up is called taken by a full store too', () => {
  const { sessions } = fresh({ capacity: 1 })
  sessions.createSession('u', 'n', { id: 'a' })
  sessions.deleteSession('a')
  expect(resultOf(() => sessions.createSession('u', 'n', { id: 'a' }))).toBe('ERR_RACELAB_SESSION_EXISTS')
})

test('metadataBytes is the limit, not a little more', () => {
  const { sessions } = fresh({ metadataBytes: 9 })
  const metadata = new Map([['', 'x']])
  expect(resultOf(() => sessions.createSession('u', 'n', { metadata }))).toBe('ERR_RACELAB_TEXT_TOO_LONG')
})

test('nameBytes is what id, user id and user name take together, each rounded up to four', () => {
  const { sessions } = fresh({ nameBytes: 19 })
  const create = (id: string, userId: string, username: string) =>
    resultOf(() => sessions.createSession(userId, username, { id, metadata: new Map([['k', 'v'.repeat(200)]]) }))
  expect(create('12345678', 'u', 'name')).toBe('12345678')
  expect(sessions.getSession('12345678')).toMatchObject({ userId: 'u', username: 'name' })
  expect(create('123456789', 'u', 'name')).toBe('ERR_RACELAB_TEXT_TOO_LONG')
  expect(create('a', 'wide: ☃', 'n')).toBe('ERR_RACELAB_TEXT_TOO_LONG')
  expect(create('123456789', 'u', '')).toBe('123456789')
  expect(() => sessions.createSession('u', 'name', { id: '123456789' })).toThrow(
    'The text of the names takes 20 bytes; at most 16 fit. Shorten it, or allocate the store with a larger nameBytes.',
  )
  expect(sessions.verify()).toEqual([])
})

test('dead letters are handed out once each, and their places come free', () => {
  const database = rowsOf()
  database.delete = () => {
    throw new Error('refused')
  }
  const { sessions } = fresh({ capacity: 2 }, { database })
  for (const id of ['a', 'b']) {
    sessions.createSession('u', 'n', { id })
    sessions.deleteSession(id)
  }
  for (let cycle = 0; cycle < 3; cycle++) sessions.runCleanup()
  expect(sessions.getStats()).toMatchObject({ deadLetters: 2, cleanupQueueSize: 0 })
  expect(sessions.takeDeadLetters().sort()).toEqual(['a', 'b'])
  expect(sessions.takeDeadLetters()).toEqual([])
  expect(sessions.createSession('u', 'n', { id: 'a' })).toBe('a')
})

test('ids are listed without a look at the text behind them, which a writer may have half written', () => {
  const { sessions, store, memory } = fresh()
  sessions.createSession('u', 'n', { id: 'a', metadata: new Map([['k', 'v']]) })
  // Id, user id, user name and key take two words each. Text stands where the length of the value was: a gigabyte.
  new Int32Array(memory)[store.records.textAt(store.find('a')!.slot) + 8] = 0x79797979
  const { alloc } = Buffer
  const spy = vi.spyOn(Buffer, 'alloc').mockImplementation((size, ...more) => {
    if (size > 2 ** 20) throw new Error(`${size} bytes are asked for`)
    return alloc(size, ...more)
  })
  onTestFinished(() => spy.mockRestore())
  expect(sessions.getIds()).toEqual(['a'])
})
