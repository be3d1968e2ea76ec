import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Database, Row } from '../../src/store/database/database.ts'
import { SessionNotFoundError, TextTooLongError } from '../../src/store/errors.ts'
import { SessionManager } from '../../src/store/manager.ts'
import { bytesBesideNotes, fresh } from './stores.ts'

const units = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd800, max: 0xdfff })), { maxLength: 60 })
  .map((codes) => String.fromCharCode(...codes))
const anyText = fc.oneof(
  units,
  fc.string({ unit: 'grapheme', maxLength: 10 }),
  fc.constantFrom('', '\0', '__proto__', 'constructor', '\ud800', '\udc00\ud800', '\ufeff', 'é', 'e\u0301', '👩‍🚀'),
)
const metadata = fc.array(fc.tuple(anyText, anyText), { maxLength: 6 }).map((pairs) => new Map(pairs))

test('any text comes back exactly as id, user id, user name, metadata key and value, also through another manager', () => {
  const property = fc.property(anyText, anyText, anyText, metadata, anyText, anyText, (...given) => {
    const [id, userId, username, metadata, key, value] = given
    const { sessions, memory } = fresh({ metadataBytes: 4096 })
    expect(sessions.createSession(userId, username, { id, metadata, isAuthenticated: false })).toBe(id)
    const whole = { id, userId, username, isAuthenticated: false }
    const created = new SessionManager(memory).getSession(id)!
    expect(created).toMatchObject({ ...whole, accessCount: 0, version: 1 })
    expect([...created.metadata]).toEqual([...metadata])
    sessions.updateSession(id, key, value)
    const updated = new SessionManager(memory).getSession(id)!
    expect(updated).toMatchObject({ ...whole, accessCount: 1, version: 2 })
    expect([...updated.metadata]).toEqual([...new Map(metadata).set(key, value)])
  })
  fc.assert(property, { numRuns: 100 })
})

test('different ids are different sessions', () => {
  const property = fc.property(fc.uniqueArray(anyText, { minLength: 2, maxLength: 8 }), (ids) => {
    const { sessions } = fresh({ capacity: 8 })
    for (const [number, id] of ids.entries()) sessions.createSession(`user ${number}`, 'n', { id })
    for (const [number, id] of ids.entries()) expect(sessions.getSession(id)?.userId).toBe(`user ${number}`)
    expect(sessions.deleteSession(ids[0]!)).toBe(true)
    expect(ids.filter((id) => sessions.getSession(id))).toEqual(ids.slice(1))
  })
  fc.assert(property)
})

test('a session that was read is the reader’s own: changing it changes nothing in the store', () => {
  const { sessions } = fresh()
  const metadata = new Map([['a', '1']])
  const id = sessions.createSession('u', 'n', { metadata })
  metadata.set('a', '2')
  const session = sessions.getSession(id)!
  session.metadata.set('a', '3')
  session.userId = 'somebody else'
  expect(sessions.getSession(id)).toMatchObject({ userId: 'u', metadata: new Map([['a', '1']]) })
})

test('metadata that use the store when they are read are stored as they are', () => {
  const { sessions } = fresh()
  class Lazy extends Map<string, string> {
    override *[Symbol.iterator]() {
      for (const entry of super[Symbol.iterator]()) {
        sessions.createSession('another user', 'another name', {
          metadata: new Map([['another key', 'another value']]),
        })
        yield entry
      }
      return undefined
    }
  }
  const metadata = new Lazy([
    ['a', '1'],
    ['b', '2'],
  ])
  const id = sessions.createSession('u', 'n', { metadata })
  expect(sessions.getSession(id)).toMatchObject({ id, userId: 'u', username: 'n' })
  expect([...sessions.getSession(id)!.metadata]).toEqual([
    ['a', '1'],
    ['b', '2'],
  ])
})

test('a database gets metadata of its own: changing them changes no row', () => {
  const rows = new Map<string, Row>()
  const database: Database = {
    fetch: (id) => rows.get(id),
    store: (id, row) => void rows.set(id, row),
    delete: (id) => void rows.delete(id),
    close() {},
  }
  const sessions = new SessionManager(fresh().memory, { database })
  const metadata = new Map([['a', '1']])
  const id = sessions.createSession('u', 'n', { metadata })
  metadata.set('a', '2')
  expect(rows.get(id)?.data.metadata).toEqual(new Map([['a', '1']]))
})

const LONGEST = {
  'a byte a character': { fits: 'x'.repeat(128), tooLong: 'x'.repeat(129), bytes: 129 },
  'the last Latin-1 character': { fits: '\xff'.repeat(128), tooLong: '\xff'.repeat(129), bytes: 129 },
  'two bytes a character': { fits: '\u0100'.repeat(64), tooLong: '\u0100'.repeat(65), bytes: 130 },
  'two units a character': { fits: '😀'.repeat(32), tooLong: `${'😀'.repeat(32)}\udc00`, bytes: 130 },
  'one wide character among narrow ones': {
    fits: `\u0100${'x'.repeat(63)}`,
    tooLong: `${'x'.repeat(64)}\u0100`,
    bytes: 130,
  },
}

describe.each(Object.entries(LONGEST))('of %s', (_, { fits, tooLong, bytes }) => {
  test('128 bytes fit as id, user id and user name at once, beside full metadata', () => {
    const { sessions, memory } = fresh({ capacity: 1, metadataBytes: 64 })
    const metadata = new Map([['k'.repeat(28), 'v'.repeat(28)]])
    sessions.createSession(fits, fits, { id: fits, metadata })
    expect(sessions.getSession(fits)).toMatchObject({ id: fits, userId: fits, username: fits, metadata })
    expect(sessions.incrementAccess(fits)).toBe(1)
    expect(new SessionManager(memory).getSession(fits)?.metadata).toEqual(metadata)
  })

  test.each([
    ['id', (text: string) => ['u', 'n', text]],
    ['user id', (text: string) => [text, 'n', 'id']],
    ['user name', (text: string) => ['u', text, 'id']],
  ] as const)('more do not fit as %s, and the store stays as it was to the bit', (what, place) => {
    const { sessions, memory } = fresh()
    sessions.createSession('u', 'n', { id: 'another' })
    const before = bytesBesideNotes(memory)
    const [userId, username, id] = place(tooLong) as [string, string, string]
    const create = () => sessions.createSession(userId, username, { id })
    expect(create).toThrow(TextTooLongError)
    expect(create).toThrow(`The ${what} takes ${bytes} bytes; at most 128 fit. Shorten it.`)
    expect(bytesBesideNotes(memory).equals(before)).toBe(true)
  })
})

test('an id that no session can have is not found, and changes nothing', () => {
  const { sessions, memory } = fresh()
  const id = 'x'.repeat(129)
  const before = bytesBesideNotes(memory)
  expect(() => sessions.updateSession(id, 'k', 'v')).toThrow(SessionNotFoundError)
  expect(() => sessions.incrementAccess(id)).toThrow(SessionNotFoundError)
  expect(bytesBesideNotes(memory).equals(before)).toBe(true)
})

/** Metadata and the bytes that they take as documented: for each key and value its bytes, rounded up to four, and four more. */
const METADATA: [string, number, Map<string, string>][] = [
  ['nothing', 0, new Map()],
  ['an empty key and value', 8, new Map([['', '']])],
  ['one byte each', 16, new Map([['k', 'v']])],
  ['four bytes each', 16, new Map([['kkkk', 'vvvv']])],
  ['a fifth byte', 20, new Map([['kkkk', 'vvvvv']])],
  ['two wide characters', 16, new Map([['k', '\u0100\u0100']])],
  ['three wide characters', 20, new Map([['k', '\u0100\u0100\u0100']])],
  [
    'two pairs',
    36,
    new Map([
      ['a', 'x'.repeat(12)],
      ['b', ''],
    ]),
  ],
]

describe.each(METADATA)('metadata of %s', (_, bytes, metadata) => {
  test(`fits into ${bytes} bytes, when created and when read again`, () => {
    const { sessions } = fresh({ metadataBytes: bytes })
    sessions.createSession('u', 'n', { id: 'a', metadata })
    expect(sessions.getSession('a')?.metadata).toEqual(metadata)
  })

  if (bytes === 0) return
  test('does not fit into one word less, and the store stays as it was to the bit', () => {
    const { sessions, memory } = fresh({ metadataBytes: bytes - 4 })
    sessions.createSession('u', 'n', { id: 'a' })
    const before = bytesBesideNotes(memory)
    const create = () => sessions.createSession('u', 'n', { id: 'b', metadata })
    expect(create).toThrow(TextTooLongError)
    expect(create).toThrow(`The metadata takes ${bytes} bytes; at most ${bytes - 4} fit.`)
    expect(create).toThrow('or allocate the store with a larger metadataBytes')
    expect(bytesBesideNotes(memory).equals(before)).toBe(true)
  })
})

test('metadata grows by updates up to the last byte, and one more is refused without a trace', () => {
  const property = fc.property(fc.array(fc.tuple(anyText, anyText), { minLength: 1, maxLength: 12 }), (pairs) => {
    const { sessions, memory } = fresh({ metadataBytes: 120 })
    sessions.createSession('u', 'n', { id: 'a' })
    const metadata = new Map<string, string>()
    for (const [key, value] of pairs) {
      const before = bytesBesideNotes(memory)
      try {
        sessions.updateSession('a', key, value)
        metadata.set(key, value)
      } catch (error) {
        expect(error).toBeInstanceOf(TextTooLongError)
        const { bytes, limit } = error as TextTooLongError
        expect(bytes).toBeGreaterThan(limit)
        expect(limit).toBe(120)
        expect(bytesBesideNotes(memory).equals(before)).toBe(true)
      }
      expect([...sessions.getSession('a')!.metadata]).toEqual([...metadata])
    }
  })
  fc.assert(property)
})
