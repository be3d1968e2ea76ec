import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Database, Row } from '../../src/store/database/database.ts'
import { allocateSharedDatabase, openSharedDatabase } from '../../src/store/database/shared.ts'
import { TextTooLongError } from '../../src/store/errors.ts'
import { SessionManager } from '../../src/store/manager.ts'
import { refreshFromDatabase } from '../../src/store/operations/refresh-from-database.ts'
import { bytesIn, fresh } from './stores.ts'

function row(version: number): Row {
  const metadata = new Map([['version', `${version}`]])
  const data = { userId: `u${version}`, username: 'from the row', accessCount: 7, lastActivity: 123, metadata }
  return { version, data: { ...data, isAuthenticated: false } }
}

function withDatabase() {
  const database = openSharedDatabase(allocateSharedDatabase())
  const made = fresh({}, { database })
  made.sessions.createSession('u', 'n', { id: 'a' })
  return { ...made, database }
}

function down(): never {
  throw new Error('down')
}

describe('a refresh', () => {
  test('takes a newer row whole: data, version and the time it came', () => {
    const { sessions, database } = withDatabase()
    const { cacheTime } = sessions.getSession('a')!
    database.store('a', row(2))
    expect(sessions.refreshFromDatabase('a')).toBe('applied')
    const session = sessions.getSession('a')!
    expect(session).toMatchObject({ id: 'a', version: 2, ...row(2).data })
    expect(session.cacheTime).toBeGreaterThanOrEqual(cacheTime)
    expect(sessions.refreshFromDatabase('a')).toBe('discarded')
  })

  test.each([0, 1, 4, 5])('discards the row of version %i when the session has 5, and writes nothing', (version) => {
    const { sessions, database, memory } = withDatabase()
    for (let access = 0; access < 4; access++) sessions.incrementAccess('a')
    database.store('a', row(version))
    const before = bytesIn(memory)
    expect(sessions.refreshFromDatabase('a')).toBe('discarded')
    expect(bytesIn(memory).equals(before)).toBe(true)
  })

  test('without a row says so, and writes nothing', () => {
    const { sessions, database, memory } = withDatabase()
    database.delete('a')
    const before = bytesIn(memory)
    expect(sessions.refreshFromDatabase('a')).toBe('no-row')
    expect(bytesIn(memory).equals(before)).toBe(true)
  })

  test('with a row that does not fit is an error, and writes nothing', () => {
    const { sessions, database, memory } = withDatabase()
    const { data } = row(9)
    database.store('a', { version: 9, data: { ...data, metadata: new Map([['k', 'v'.repeat(300)]]) } })
    const before = bytesIn(memory)
    expect(() => sessions.refreshFromDatabase('a')).toThrow(TextTooLongError)
    expect(bytesIn(memory).equals(before)).toBe(true)
  })

  test('lets out what the database throws, and writes nothing', () => {
    const { memory } = withDatabase()
    const database: Database = { fetch: down, store: down, delete: down, close: down }
    const before = bytesIn(memory)
    expect(() => new SessionManager(memory, { database }).refreshFromDatabase('a')).toThrow('down')
    expect(bytesIn(memory).equals(before)).toBe(true)
  })

  test('decides by the session as it is when it writes, not as it was when the row was fetched', () => {
    const { sessions, store, database } = withDatabase()
    database.store('a', row(3))
    const pause = () => {
      sessions.incrementAccess('a')
      sessions.updateSession('a', 'kept', 'yes')
      sessions.incrementAccess('a')
    }
    expect(refreshFromDatabase(store, database, 'a', pause)).toBe('discarded')
    expect(sessions.getSession('a')).toMatchObject({ version: 4, accessCount: 3, userId: 'u' })
    expect(sessions.getSession('a')?.metadata).toEqual(new Map([['kept', 'yes']]))
  })

  test('ends with the newest row, in whatever order rows are stored, fetched and applied', () => {
    const step = fc.oneof(
      fc.record({ store: fc.integer({ min: 1, max: 12 }) }),
      fc.record({ start: fc.nat(2) }),
      fc.record({ finish: fc.nat(2) }),
    )
    const property = fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { sessions, store } = fresh()
      sessions.createSession('u', 'n', { id: 'a' })
      const fetched: (Row | undefined)[] = []
      let stored = row(1)
      let newest = 1
      for (const step of steps) {
        if ('store' in step) stored = row(step.store)
        else if ('start' in step) fetched[step.start] = stored
        else {
          const late = fetched[step.finish]
          const database: Database = { fetch: () => late, store: () => {}, delete: () => {}, close: () => {} }
          const result = refreshFromDatabase(store, database, 'a')
          const isNewer = late !== undefined && late.version > newest
          expect(result).toBe(late === undefined ? 'no-row' : isNewer ? 'applied' : 'discarded')
          if (isNewer) newest = late.version
        }
        expect(sessions.getSession('a')?.version).toBe(newest)
        if (newest > 1) expect(sessions.getSession('a')).toMatchObject(row(newest).data)
      }
    })
    fc.assert(property)
  })
})
