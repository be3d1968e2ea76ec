import { describe, expect, test } from 'vitest'
import { RacelabError } from '../../src/errors.ts'
import type { Database } from '../../src/store/database/database.ts'
import { DatabaseUnavailableError } from '../../src/store/database/sqlite.ts'
import { SqliteMissingError } from '../../src/store/database/sqlite-driver.ts'
import { SharedDatabaseFullError } from '../../src/lab/databases/shared.ts'
import * as racelab from '../../src/store/index.ts'
import * as errors from '../../src/store/errors.ts'
import { ENTRY, HEADER, LAYOUT_VERSION, MAGIC } from '../../src/store/layout.ts'
import { SessionManager } from '../../src/store/manager.ts'
import { allocateSessionStore } from '../../src/store/allocate.ts'
import { SessionStore } from '../../src/store/store.ts'
import { bytesBesideNotes, bytesIn, fresh } from './stores.ts'

const all = {
  SessionNotFoundError: new errors.SessionNotFoundError('a'),
  SessionExistsError: new errors.SessionExistsError('a'),
  StoreFullError: new errors.StoreFullError(3),
  NumberRangeError: new errors.NumberRangeError('version', -1),
  TimeToLiveError: new errors.TimeToLiveError(0),
  TextTooLongError: new errors.TextTooLongError('metadata', 9, 8),
  CorruptStoreError: new errors.CorruptStoreError('Slot 3 is damaged: it is in state 12, which does not exist'),
  NotAFunctionError: new errors.NotAFunctionError('change', {}),
  NotAMapError: new errors.NotAMapError({}),
  NotASessionError: new errors.NotASessionError('is of type Number'),
  NotASessionStoreError: new errors.NotASessionStoreError('it is too small'),
  LayoutVersionError: new errors.LayoutVersionError(2, 1),
  StoreSizeError: new errors.StoreSizeError('The capacity', 0, 1, 2),
  NoDatabaseError: new errors.NoDatabaseError(),
  StoreTooLargeError: new errors.StoreTooLargeError(9, 8),
  NotTextError: new errors.NotTextError('id', undefined),
  BatchError: new errors.BatchError('The ids of the batch are not an array', 'Give an array of strings'),
  SessionBusyError: new errors.SessionBusyError(3, 1000),
  OptionsError: new errors.OptionsError('There is no option "ID" of createSession', ['id']),
}

const stubborn: Database = {
  fetch: () => undefined,
  store: () => {},
  delete: () => {
    throw new Error('no')
  },
  close: () => {},
}

test('every error of the store is in this test', () => {
  expect(Object.keys(all).sort()).toEqual(Object.keys(errors).sort())
})

test('every error that a user can meet is exported', () => {
  expect(Object.keys(errors).filter((name) => !(name in racelab))).toEqual([])
})

test('every error carries the name of its class, and a code of its own', () => {
  const more = {
    ...all,
    DatabaseUnavailableError: new DatabaseUnavailableError('x.db', new Error('why')),
    SqliteMissingError: new SqliteMissingError('better-sqlite3 is not installed'),
    SharedDatabaseFullError: new SharedDatabaseFullError('all 2 rows are in use'),
  }
  for (const [name, error] of Object.entries(more)) {
    expect(error).toBeInstanceOf(RacelabError)
    expect(error.name).toBe(name)
    expect(error.code).toMatch(/^ERR_RACELAB_[A-Z_]+$/)
    expect(error.message).toMatch(/^[A-Z].*\.$/)
  }
  expect(new Set(Object.values(more).map((error) => error.code)).size).toBe(Object.keys(more).length)
})

/** Each misuse: its name, the error, a part of the advice in the message, and how to bring it about. */
const misuse: [string, new (...parameters: never[]) => RacelabError, string, () => Misuse][] = [
  ['updating a session that was never created', errors.SessionNotFoundError, 'Create it first', () => absent('update')],
  [
    'incrementing a session that was never created',
    errors.SessionNotFoundError,
    'Create it first',
    () => absent('increment'),
  ],
  ['refreshing a session that was deleted', errors.SessionNotFoundError, 'Create it first', refreshDeleted],
  ['creating a live id again', errors.SessionExistsError, 'Leave the id out', () => createAgain(() => {})],
  [
    'creating a deleted id before its clean-up',
    errors.SessionExistsError,
    'run the clean-up first',
    () => createAgain((sessions) => sessions.deleteSession('a')),
  ],
  [
    'creating the id of a dead letter',
    errors.SessionExistsError,
    'Leave the id out',
    () => createAgain(makeDeadLetter),
  ],
  ['creating a live id in a full store', errors.SessionExistsError, 'Leave the id out', () => createAgain(() => {}, 1)],
  ['creating one session more than fit', errors.StoreFullError, 'allocate a larger store', () => createMore(() => {})],
  [
    'creating one session more beside a deleted one',
    errors.StoreFullError,
    'Run the clean-up',
    () => createMore((sessions) => sessions.deleteSession('a')),
  ],
  [
    'creating one session more beside a dead letter',
    errors.StoreFullError,
    'Run the clean-up',
    () => createMore(makeDeadLetter),
  ],
  ['setting metadata that does not fit', errors.TextTooLongError, 'Shorten it', tooMuch],
  ['refreshing without a database', errors.NoDatabaseError, '{ database }', withoutDatabase],
]

interface Misuse {
  readonly memory: SharedArrayBuffer
  readonly attempt: () => unknown
}

function absent(what: 'update' | 'increment'): Misuse {
  const { sessions, memory } = fresh()
  sessions.createSession('u', 'n', { id: 'a' })
  const attempt = {
    update: () => sessions.updateSession('b', 'k', 'v'),
    increment: () => sessions.incrementAccess('b'),
  }
  return { memory, attempt: attempt[what] }
}

function refreshDeleted(): Misuse {
  const data = {
    userId: 'u',
    username: 'n',
    accessCount: 0,
    isAuthenticated: true,
    lastActivity: 1,
    metadata: new Map(),
  }
  const database: Database = { ...stubborn, fetch: () => ({ data, version: 9 }) }
  const { sessions, memory } = fresh({}, { database })
  sessions.createSession('u', 'n', { id: 'a' })
  sessions.deleteSession('a')
  return { memory, attempt: () => sessions.refreshFromDatabase('a') }
}

function makeDeadLetter(sessions: SessionManager): void {
  sessions.deleteSession('a')
  expect(sessions.runCleanup({ mostAttempts: 1 }).deadLetters).toBe(1)
}

function createAgain(before: (sessions: SessionManager) => void, capacity = 4): Misuse {
  const { sessions, memory } = fresh({ capacity }, { database: stubborn })
  sessions.createSession('u', 'n', { id: 'a' })
  before(sessions)
  return { memory, attempt: () => sessions.createSession('another', 'n', { id: 'a' }) }
}

function createMore(before: (sessions: SessionManager) => void): Misuse {
  const { sessions, memory } = fresh({ capacity: 2 }, { database: stubborn })
  for (const id of ['a', 'b']) sessions.createSession('u', 'n', { id })
  before(sessions)
  return { memory, attempt: () => sessions.createSession('u', 'n', { id: 'c' }) }
}

function tooMuch(): Misuse {
  const { sessions, memory } = fresh({ metadataBytes: 16 })
  sessions.createSession('u', 'n', { id: 'a' })
  return { memory, attempt: () => sessions.updateSession('a', 'k', 'four and more') }
}

function withoutDatabase(): Misuse {
  const { sessions, memory } = fresh()
  sessions.createSession('u', 'n', { id: 'a' })
  return { memory, attempt: () => sessions.refreshFromDatabase('a') }
}

describe.each(misuse)('%s', (_, Kind, advice, prepare) => {
  test('is a named error that says what to do, and leaves every session and count as it was', () => {
    const { memory, attempt } = prepare()
    const seen = () => {
      const { refused, ...counts } = new SessionManager(memory).getStats()
      return { refused, rest: [counts, new SessionManager(memory).getSession('a')] }
    }
    const before = seen()
    expect(attempt).toThrow(Kind)
    expect(attempt).toThrow(advice)
    const after = seen()
    expect(after.rest).toEqual(before.rest)
    expect(after.refused - before.refused).toBe(Kind === errors.StoreFullError ? 2 : 0)
  })

  // A creation claims a slot before it finds out that the id is taken, which leaves traces in a free slot.
  if (Kind !== errors.SessionExistsError)
    test('leaves the store as it was to the bit', () => {
      const { memory, attempt } = prepare()
      const before = bytesBesideNotes(memory)
      expect(attempt).toThrow(Kind)
      expect(bytesBesideNotes(memory).equals(before)).toBe(true)
    })
})

test('creating a taken id changes nothing but slots that are free', () => {
  const { sessions, memory, store } = fresh({ capacity: 3 })
  for (const id of ['a', 'b']) sessions.createSession('u', 'n', { id })
  const taken = ['a', 'b'].map((id) => store.find(id)!.slot)
  const wordsOf = () => {
    const words = new Int32Array(memory)
    const { at, fields } = store.layout
    // Of the index only the hashes are compared: a reach may grow. It says how far to search, not what is there.
    return [
      words.slice(0, at.notes),
      ...taken.map((slot) => words[at.index + fields.index.at(slot) + ENTRY.hash]),
      ...taken.map((slot) =>
        words.slice(at.session + fields.session.at(slot), at.session + fields.session.at(slot + 1)),
      ),
    ]
  }
  const before = wordsOf()
  for (let attempt = 0; attempt < 20; attempt++)
    expect(() => sessions.createSession('another', 'x', { id: 'a' })).toThrow(errors.SessionExistsError)
  expect(wordsOf()).toEqual(before)
})

const garbage: [string, unknown][] = [
  ['an ArrayBuffer', new ArrayBuffer(4096)],
  ['typed words', new Int32Array(allocateSessionStore({ capacity: 1 }))],
  ['nothing', undefined],
  ['no bytes', new SharedArrayBuffer(0)],
  ['less than a header', new SharedArrayBuffer(60)],
  ['a size that is not whole words', new SharedArrayBuffer(4097)],
  ['zeros', new SharedArrayBuffer(4096)],
  ['noise', patched((words) => words.forEach((_, at) => (words[at] = Math.imul(at + 1, 0x9e3779b1))))],
  ['a truncated store', resized(-64)],
  ['a store with more behind it', resized(64)],
  ['a store that says it has another capacity', patched((words) => (words[HEADER.capacity] = 100))],
  ['a store that says it has a huge capacity', patched((words) => (words[HEADER.capacity] = 2 ** 31 - 1))],
  ['a store that says it has other names', patched((words) => (words[HEADER.nameWords] = 50))],
  ['a store that says it has other metadata', patched((words) => (words[HEADER.metadataWords] = 100))],
  ['a store that says it has other agents', patched((words) => (words[HEADER.agents] = 65))],
  ['a store that says it has less than no metadata', patched((words) => (words[HEADER.metadataWords] = -50))],
]

function patched(patch: (words: Int32Array) => unknown): SharedArrayBuffer {
  const memory = allocateSessionStore({ capacity: 4, metadataBytes: 64 })
  patch(new Int32Array(memory))
  return memory
}

function resized(more: number): SharedArrayBuffer {
  const whole = new Uint8Array(allocateSessionStore({ capacity: 4 }))
  const memory = new SharedArrayBuffer(whole.length + more)
  new Uint8Array(memory).set(whole.subarray(0, memory.byteLength))
  return memory
}

test.each(garbage)('attaching to %s is a named error, and writes nothing', (_, memory) => {
  const before = memory instanceof SharedArrayBuffer ? bytesIn(memory) : undefined
  for (const attach of [SessionManager, SessionStore]) {
    expect(() => new attach(memory as SharedArrayBuffer)).toThrow(errors.NotASessionStoreError)
    expect(() => new attach(memory as SharedArrayBuffer)).toThrow('allocateSessionStore')
  }
  if (before) expect(bytesIn(memory as SharedArrayBuffer).equals(before)).toBe(true)
})

test.each([0, LAYOUT_VERSION + 1, -1])('layout version %i is refused with its number in the message', (version) => {
  const memory = patched((words) => (words[HEADER.layoutVersion] = version))
  expect(new Int32Array(memory)[HEADER.magic]).toBe(MAGIC)
  expect(() => new SessionManager(memory)).toThrow(errors.LayoutVersionError)
  expect(() => new SessionManager(memory)).toThrow(
    `layout version ${version}; this version of racelab reads layout version ${LAYOUT_VERSION}`,
  )
})

test.each([0, -1, 1.5, Number.NaN, Infinity, 2 ** 22 + 1])('a capacity of %d is refused', (capacity) => {
  expect(() => allocateSessionStore({ capacity })).toThrow(errors.StoreSizeError)
  expect(() => allocateSessionStore({ capacity })).toThrow(`${capacity}; it must be a whole number from 1 to 4194304`)
})

test('a capacity in a string is refused, and the message quotes it', () => {
  expect(() => allocateSessionStore({ capacity: '10' as never })).toThrow('The capacity is "10"; it must be a whole')
})

test.each([-1, 0.5, Number.NaN, Infinity, 2 ** 20 + 1])('metadata of %d bytes is refused', (metadataBytes) => {
  expect(() => allocateSessionStore({ metadataBytes })).toThrow(errors.StoreSizeError)
})

test.each([11, 0.5, Number.NaN, Infinity, 385])('names of %d bytes are refused', (nameBytes) => {
  expect(() => allocateSessionStore({ nameBytes })).toThrow(errors.StoreSizeError)
})

test.each<[string, (sessions: SessionManager, text: never) => unknown]>([
  ['id', (sessions, text) => sessions.getSession(text)],
  ['id', (sessions, text) => sessions.createSession('u', 'n', { id: text })],
  ['user id', (sessions, text) => sessions.createSession(text, 'n')],
  ['user name', (sessions, text) => sessions.createSession('u', text)],
  ['metadata key', (sessions, text) => sessions.createSession('u', 'n', { metadata: new Map([[text, 'v']]) })],
  ['metadata value', (sessions, text) => sessions.createSession('u', 'n', { metadata: new Map([['k', text]]) })],
  ['metadata key', (sessions, text) => sessions.updateSession('a', text, 'v')],
  ['metadata value', (sessions, text) => sessions.updateSession('a', 'k', text)],
  ['metadata value', (sessions, text) => sessions.changeMetadata('a', (metadata) => void metadata.set('k', text))],
])('a %s that is not a string is refused, and nothing is changed', (what, act) => {
  const { sessions, memory } = fresh()
  sessions.createSession('u', 'n', { id: 'a' })
  const before = bytesBesideNotes(memory)
  for (const [text, called] of [
    [5, 'of type number'],
    [null, 'null'],
    [['ab'], 'of type object'],
  ] as const) {
    const attempt = () => act(sessions, text as never)
    expect(attempt).toThrow(errors.NotTextError)
    expect(attempt).toThrow(`The ${what} is ${called}; it must be a string.`)
  }
  expect(bytesBesideNotes(memory).equals(before)).toBe(true)
})

test('a store of more bytes than a memory can have is refused before it is allocated', () => {
  expect(() => allocateSessionStore({ capacity: 2 ** 22, metadataBytes: 2 ** 20 })).toThrow(errors.StoreTooLargeError)
})
