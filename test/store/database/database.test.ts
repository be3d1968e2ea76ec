import fc from 'fast-check'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { decodeRowData, encodeRowData } from '../../../src/store/database/database.ts'
import type { Database, Row, RowData } from '../../../src/store/database/database.ts'
import {
  SharedDatabaseFullError,
  allocateSharedDatabase,
  openSharedDatabase,
} from '../../../src/lab/databases/shared.ts'
import { DatabaseUnavailableError, openSqlite } from '../../../src/store/database/sqlite.ts'
import { bytesIn, memoryThreads } from '../stores.ts'
import { freshWords } from '../../threads.ts'
import { open } from './database.jobs.ts'
import type { Jobs, Place } from './database.jobs.ts'
import { rowOf } from './row-of.ts'

const folder = mkdtempSync(join(tmpdir(), 'racelab-database-'))
const { run, end } = memoryThreads<Jobs>(new URL('database.jobs.ts', import.meta.url))
afterAll(async () => {
  await end()
  rmSync(folder, { recursive: true })
})

let files = 0
const newFile = (): string => join(folder, `${files++}.db`)
const newMemory = (): SharedArrayBuffer => allocateSharedDatabase({ rows: 8, rowBytes: 8192 })

const units = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd800, max: 0xdfff })), { maxLength: 12 })
  .map((codes) => String.fromCharCode(...codes))
const anyText = fc.oneof(units, fc.constantFrom('', '__proto__', '\0', 'é', 'e\u0301', '"\\', "'; DROP TABLE sessions"))
const wholeText = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom('', '__proto__', 'É', "'; --"))
const anyData: fc.Arbitrary<RowData> = fc.record({
  userId: anyText,
  username: anyText,
  accessCount: fc.nat(),
  isAuthenticated: fc.boolean(),
  lastActivity: fc.nat(Number.MAX_SAFE_INTEGER),
  metadata: fc.array(fc.tuple(anyText, anyText), { maxLength: 6 }).map((pairs) => new Map(pairs)),
})
const anyRow: fc.Arbitrary<Row> = fc.record({ data: anyData, version: fc.nat(2 ** 31 - 1) })

test('the data of a row comes back exactly from its JSON, metadata in order', () => {
  const property = fc.property(anyData, (data) => {
    const back = decodeRowData(encodeRowData(data))
    expect(back).toEqual(data)
    expect([...back.metadata]).toEqual([...data.metadata])
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype)
  })
  fc.assert(property, { numRuns: 500 })
})

/** Every kind of database: how to make a place that several connections can open, and how to open it. */
const kinds: [string, () => Place, (place: Place) => Database][] = [
  ['SQLite', newFile, open],
  ['shared memory', newMemory, open],
]

describe.each(kinds)('a database in %s', (_, newPlace, openAt) => {
  test('has no row that was not stored, and deleting a missing row does nothing', () => {
    const database = openAt(newPlace())
    expect(database.fetch('a')).toBe(undefined)
    database.delete('a')
    expect(database.fetch('a')).toBe(undefined)
    database.close()
  })

  test('gives back any row exactly, also through another connection', () => {
    const place = newPlace()
    const [one, another] = [openAt(place), openAt(place)]
    const property = fc.property(wholeText, anyRow, (id, row) => {
      one.store(id, row)
      for (const database of [one, another]) {
        expect(database.fetch(id)).toEqual(row)
        expect([...database.fetch(id)!.data.metadata]).toEqual([...row.data.metadata])
      }
      another.delete(id)
      for (const database of [one, another]) expect(database.fetch(id)).toBe(undefined)
    })
    fc.assert(property, { numRuns: 60 })
    one.close()
    another.close()
  })

  test('behaves as a Map from id to row, through any connection', () => {
    const ids = ['', 'a', 'A', 'a ', 'é', 'e\u0301', '__proto__']
    const step = fc.record({
      connection: fc.nat(1),
      do: fc.constantFrom('store', 'delete'),
      id: fc.constantFrom(...ids),
      version: fc.integer({ min: 1, max: 1000 }),
    })
    const place = newPlace()
    const connections = [openAt(place), openAt(place)] as const
    const property = fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const model = new Map<string, Row>()
      for (const { connection, id, version, ...step } of steps) {
        if (step.do === 'store') {
          connections[connection]!.store(id, rowOf(version))
          model.set(id, rowOf(version))
        } else {
          connections[connection]!.delete(id)
          model.delete(id)
        }
        for (const id of ids) expect(connections[1 - connection]!.fetch(id)).toEqual(model.get(id))
      }
      for (const id of ids) connections[0].delete(id)
    })
    fc.assert(property, { numRuns: 20 })
    for (const connection of connections) connection.close()
  })

  test('keeps its rows when its connections are closed', () => {
    const place = newPlace()
    const first = openAt(place)
    first.store('a', rowOf(1))
    first.close()
    const second = openAt(place)
    expect(second.fetch('a')).toEqual(rowOf(1))
    second.close()
  })

  test('returns copies: changing a fetched row changes nothing', () => {
    const database = openAt(newPlace())
    database.store('a', rowOf(1))
    database.fetch('a')!.data.metadata.set('version 1', 'changed')
    expect(database.fetch('a')).toEqual(rowOf(1))
    database.close()
  })
})

describe.each(kinds.slice(0, 2))('four threads on one database in %s', (_, newPlace) => {
  test('see each other’s rows as soon as they are stored or deleted', async () => {
    const answers = await run('showEachOther', 4, { place: newPlace(), words: freshWords(1), rounds: 20 })
    expect(answers).toEqual([0, 0, 0, 0])
  })

  test('never fetch a row that mixes two', async () => {
    const torn = await run('tear', 4, { place: newPlace(), words: freshWords(1), rounds: 200 })
    expect(torn.flat()).toEqual([])
  })
})

function full() {
  const memory = allocateSharedDatabase({ rows: 2, rowBytes: 400 })
  const database = openSharedDatabase(memory)
  for (const id of ['a', 'b']) database.store(id, rowOf(1))
  return { memory, database }
}

describe('a database in shared memory that has no room', () => {
  test('refuses one row more with advice, and stays bit for bit as it was', () => {
    const { memory, database } = full()
    const before = bytesIn(memory)
    expect(() => database.store('c', rowOf(2))).toThrow(SharedDatabaseFullError)
    expect(() => database.store('c', rowOf(2))).toThrow('all 2 rows are in use. Allocate a larger one, or use SQLite.')
    expect(bytesIn(memory).equals(before)).toBe(true)
    database.store('b', rowOf(3))
    database.delete('a')
    database.store('c', rowOf(4))
    expect(['a', 'b', 'c'].map((id) => database.fetch(id)?.version)).toEqual([undefined, 3, 4])
  })

  test('refuses a row that is too long, new or known, and stays bit for bit as it was', () => {
    const { memory, database } = full()
    const { data } = rowOf(2)
    const long = { version: 2, data: { ...data, userId: 'x'.repeat(400) } }
    for (const id of ['a', 'c']) {
      database.delete('b')
      const before = bytesIn(memory)
      expect(() => database.store(id, long)).toThrow(SharedDatabaseFullError)
      expect(() => database.store(id, long)).toThrow(/the row takes \d+ bytes, and at most 400 fit\. Allocate/)
      expect(bytesIn(memory).equals(before)).toBe(true)
    }
    expect(database.fetch('a')).toEqual(rowOf(1))
  })

  test('takes the longest row that fits, and not one word more', () => {
    const { data } = rowOf(1)
    const bytesWith = (userId: string) => 4 + 4 + 4 + Math.ceil(encodeRowData({ ...data, userId }).length / 4) * 4
    const id = 'four'
    const longest = Array.from({ length: 400 }, (_, length) => 'x'.repeat(length)).findLast(
      (text) => bytesWith(text) <= 400,
    )!
    const database = openSharedDatabase(allocateSharedDatabase({ rows: 1, rowBytes: 400 }))
    database.store(id, { version: 1, data: { ...data, userId: longest } })
    expect(database.fetch(id)?.data.userId).toBe(longest)
    expect(() => database.store(id, { version: 1, data: { ...data, userId: `${longest}1234` } })).toThrow(
      SharedDatabaseFullError,
    )
    expect(database.fetch(id)?.data.userId).toBe(longest)
  })
})

describe('a file that cannot be a database', () => {
  const noDatabase = join(folder, 'text.db')
  writeFileSync(noDatabase, 'This is not a database. '.repeat(100))
  const directory = join(folder, 'directory.db')
  mkdirSync(directory)
  test.each([
    ['in a folder that is not there', join(folder, 'no', 'such', 'folder.db')],
    ['that is a folder', directory],
    ['that holds something else', noDatabase],
  ])('%s is a named error with the path, the reason and advice', (_, path) => {
    expect(() => openSqlite(path)).toThrow(DatabaseUnavailableError)
    expect(() => openSqlite(path)).toThrow(`Cannot open the database ${path}: `)
    expect(() => openSqlite(path)).toThrow('Name a file in a folder that exists and can be written.')
    try {
      openSqlite(path)
    } catch (error) {
      expect((error as Error).cause).toBeInstanceOf(Error)
    }
  })

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['""', ''],
    ['5', 5],
    ['of type object', { path: 'sessions.db' }],
  ])('whose name is %s is a named error that says so', (shown, path) => {
    expect(() => openSqlite(path as string)).toThrow(DatabaseUnavailableError)
    expect(() => openSqlite(path as string)).toThrow(
      `Cannot open the database ${shown}: that is not a file name. Name a file in a folder that exists and can be written.`,
    )
  })

  test('is left as it was', () => {
    expect(() => openSqlite(noDatabase)).toThrow(DatabaseUnavailableError)
    expect(readFileSync(noDatabase, 'utf8')).toBe('This is not a database. '.repeat(100))
  })
})
