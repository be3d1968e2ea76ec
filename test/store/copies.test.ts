/**
 * A session that is read is a plain object with a Map: whatever looks at it sees what it sees of an object that the caller has written
 * down. Each behaviour is compared with that of such an object.
 */
import { deepStrictEqual, notDeepStrictEqual } from 'node:assert'
import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Session } from '../../src/store/session.ts'
import { fresh } from './stores.ts'

const NOW = 1_700_000_000_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Metadata of no key, of a few short ones, and of more than one page of text. */
const METADATA: [string, [string, string][]][] = [
  ['no metadata', []],
  [
    'short metadata',
    [
      ['theme', 'dark'],
      ['language', 'english'],
    ],
  ],
  [
    'wide metadata',
    [
      ['語', 'ÿĀ'],
      ['\ud83d', ''],
    ],
  ],
  ['long metadata', Array.from({ length: 40 }, (_, at) => [`key number ${at}`, `value number ${at} `.repeat(3)])],
]

/** Returns a session that was read in each way, and the object that it must be like. */
function readAndWritten(entries: [string, string][]): { read: Session[]; written: Session } {
  const { sessions } = fresh({ metadataBytes: 8192 })
  sessions.createSession('user-4711', 'alice', { id: 'a', metadata: new Map(entries) })
  const written: Session = {
    id: 'a',
    userId: 'user-4711',
    username: 'alice',
    accessCount: 0,
    version: 1,
    isAuthenticated: true,
    lastActivity: NOW,
    cacheTime: NOW,
    expiresAt: Infinity,
    metadata: new Map(entries),
  }
  return { read: [sessions.getSession('a')!, ...sessions.getMany(['a', 'a'])] as Session[], written }
}

test.each(METADATA)('a session with %s behaves like an object that is written down', (_, entries) => {
  const { read, written } = readAndWritten(entries)
  expect(read.length).toBe(3)
  for (const session of read) {
    expect({ ...session }).toStrictEqual({ ...written })
    expect(Object.entries(session)).toStrictEqual(Object.entries(written))
    expect(JSON.stringify(session)).toBe(JSON.stringify(written))
    expect(structuredClone(session)).toStrictEqual(structuredClone(written))
    expect(session).toEqual(written)
    expect(session).toStrictEqual(written)
    deepStrictEqual(session, written)
    deepStrictEqual(written, session)
    for (const options of [{}, { depth: 0 }, { showHidden: true }, { sorted: true, compact: false }])
      expect(inspect(session, options)).toBe(inspect(written, options))
    expect([...session.metadata]).toEqual(entries)
  }
})

test('a session is unlike an object with another value in any property', () => {
  for (const name of ['id', 'version', 'isAuthenticated', 'expiresAt', 'metadata'] as const) {
    const { read, written } = readAndWritten([['k', 'v']])
    const other = { ...written, [name]: name === 'metadata' ? new Map([['k', 'w']]) : 'another' }
    for (const session of read) {
      expect(session).not.toEqual(other)
      notDeepStrictEqual(session, other)
    }
  }
})

test('what a caller does to its copy, no other copy shows', () => {
  const { read, written } = readAndWritten([['k', 'v']])
  const [mine, ...others] = read
  mine!.metadata.set('k', 'mine').set('l', 'mine')
  Object.assign(mine!, { username: 'mine', version: 99 })
  for (const session of others) expect(session).toStrictEqual(written)
  mine!.metadata = new Map()
  for (const session of others) expect(session).toStrictEqual(written)
})
