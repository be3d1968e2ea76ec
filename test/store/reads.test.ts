/** Reading one key, and many sessions, must give what reading whole sessions gives. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SessionManager } from '../../src/store/manager.ts'
import { atEveryAccess, preempt } from './preempt.ts'
import { fresh, idsOfOneHome, resultOf } from './stores.ts'

const NOT_TEXT = 'ERR_RACELAB_NOT_TEXT'
const BATCH = 'ERR_RACELAB_BATCH'

/** Texts of which some begin like others, and of which some are equal but for their width or their padding. */
const text = fc.oneof(
  fc.constantFrom(
    '',
    'k',
    'ke',
    'key',
    'keys',
    'keysk',
    'k\0',
    'ÿ',
    'ÿ\u0100',
    'Ā',
    '\ud83d',
    '__proto__',
    'x'.repeat(40),
  ),
  fc.string({ unit: 'binary', maxLength: 9 }),
)

test('each key of a session has the value that the whole session has for it, and no other key has one', () => {
  const entries = fc.array(fc.tuple(text, text), { maxLength: 12 })
  const property = fc.property(text, text, entries, fc.array(text), (userId, username, given, others) => {
    const { sessions } = fresh({ capacity: 1, metadataBytes: 4096 })
    const metadata = new Map(given)
    sessions.createSession(userId, username, { id: 'a', metadata })
    for (const key of [...metadata.keys(), ...metadata.values(), userId, username, 'a', ...others])
      expect(sessions.getMetadata('a', key)).toBe(metadata.get(key))
  })
  fc.assert(property, { numRuns: 300 })
})

test('a key has the value that was set last, wherever the entry stands', () => {
  const { sessions } = fresh()
  const id = sessions.createSession('u', 'n', {
    metadata: new Map([
      ['first', '1'],
      ['second', '2'],
      ['third', '3'],
    ]),
  })
  for (const value of ['x', 'longer than before', '', '語', '3']) {
    sessions.updateSession(id, 'second', value)
    expect(['first', 'second', 'third'].map((key) => sessions.getMetadata(id, key))).toEqual(['1', value, '3'])
  }
  sessions.changeMetadata(id, (metadata) => void metadata.delete('second'))
  expect(['first', 'second', 'third'].map((key) => sessions.getMetadata(id, key))).toEqual(['1', undefined, '3'])
})

test('a value may take all the metadata that a session has room for, and a key may be longer than that', () => {
  const { sessions } = fresh({ metadataBytes: 2048 })
  const value = 'v'.repeat(2048 - 12)
  const id = sessions.createSession('u', 'n', { metadata: new Map([['k', value]]) })
  expect(sessions.getMetadata(id, 'k')).toBe(value)
  for (const length of [2000, 2048, 2049, 2 ** 20 + 1])
    expect(sessions.getMetadata(id, 'k'.repeat(length))).toBe(undefined)
  expect(fresh({ metadataBytes: 0 }).sessions.getMetadata(id, '')).toBe(undefined)
})

test('a session that is deleted or expired has no key, and is not among many', async () => {
  const { sessions } = fresh()
  const metadata = new Map([['k', 'v']])
  const ids = ['deleted', 'expired', 'live'].map((id) => sessions.createSession('u', 'n', { id, metadata }))
  for (let time = 0; time < 4; time++) sessions.getMany(ids)
  sessions.deleteSession('deleted')
  sessions.touch('expired', 1)
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(ids.map((id) => sessions.getMetadata(id, 'k'))).toEqual([undefined, undefined, 'v'])
  expect(sessions.getMany(ids).map((session) => session?.id)).toEqual([undefined, undefined, 'live'])
  // The slot of a session that the agent remembers may have another session.
  sessions.runCleanup()
  sessions.createSession('u', 'n', { id: 'deleted', metadata: new Map([['k', 'new']]) })
  expect(sessions.getMetadata('deleted', 'k')).toBe('new')
  expect(sessions.getMany(['deleted'])[0]?.metadata.get('k')).toBe('new')
})

test('a session that took the slot of one that the agent remembers is not read in its place', () => {
  const { sessions } = fresh({ capacity: 1 })
  const [gone, next] = idsOfOneHome(2, 1) as [string, string]
  const metadata = new Map([['k', 'v']])
  sessions.createSession('u', 'n', { id: gone, metadata })
  for (let time = 0; time < 4; time++) sessions.getMany([gone])
  sessions.deleteSession(gone)
  sessions.runCleanup()
  sessions.createSession('u', 'n', { id: next, metadata })
  expect(sessions.getMany([gone, next]).map((session) => session?.id)).toEqual([undefined, next])
  expect([gone, next].map((id) => sessions.getMetadata(id, 'k'))).toEqual([undefined, 'v'])
})

test('many sessions are read in the order of their ids, remembered or not, each a copy of its own', () => {
  const { sessions: other, memory } = fresh({ capacity: 100 })
  const ids = Array.from({ length: 100 }, (_, at) => other.createSession(`u${at}`, 'n', { id: `session ${at}` }))
  const agent = new SessionManager(memory)
  for (const id of ids.filter((_, at) => at % 3 === 0)) for (let time = 0; time < 4; time++) agent.getSession(id)
  for (const id of ids.slice(50)) other.incrementAccess(id)
  const batch = ['nobody', ...ids, ids[7]!, ids[6]!, ids[6]!]
  const read = agent.getMany(batch)
  expect(read).toEqual(batch.map((id) => other.getSession(id)))
  read.at(-1)!.metadata.set('k', 'mine')
  expect(read.at(-2)!.metadata.size).toBe(0)
  expect(agent.getMany([])).toEqual([])
})

test('what is no text, or no array, is refused', () => {
  const { sessions } = fresh()
  const id = sessions.createSession('u', 'n')
  for (const wrong of [5, null, undefined, ['k']] as never[]) {
    expect(resultOf(() => sessions.getMetadata(id, wrong))).toBe(NOT_TEXT)
    expect(resultOf(() => sessions.getMetadata(wrong, 'k'))).toBe(NOT_TEXT)
    expect(resultOf(() => sessions.getMany([id, wrong]))).toBe(NOT_TEXT)
  }
  for (const wrong of [id, 5, undefined, new Set([id])] as never[])
    expect(resultOf(() => sessions.getMany(wrong))).toBe(BATCH)
})

/** Entries whose words move when the value of `b` changes, and before which a longer session can be put. */
const ENTRIES: readonly (readonly [string, string])[] = [
  ['a', 'old'],
  ['b', 'old'],
  ['c', 'kept'],
]

test.each<[string, (sessions: SessionManager) => void, readonly (string | undefined)[]]>([
  ['replaced', (sessions) => sessions.updateSession('id', 'b', 'new'), ['old', 'new']],
  [
    'replaced by a longer one',
    (sessions) => sessions.updateSession('id', 'b', 'longer '.repeat(5)),
    ['old', 'longer '.repeat(5)],
  ],
  ['moved', (sessions) => sessions.updateSession('id', 'a', 'longer '.repeat(5)), ['old']],
  [
    'moved by a key that goes',
    (sessions) => void sessions.changeMetadata('id', (metadata) => void metadata.delete('a')),
    ['old'],
  ],
  [
    'deleted',
    (sessions) => void sessions.changeMetadata('id', (metadata) => void metadata.delete('b')),
    ['old', undefined],
  ],
  [
    'that of a session in whose slot another one is put',
    (sessions) => {
      sessions.deleteSession('id')
      sessions.runCleanup()
      sessions.createSession('a longer user id', 'n', { id: 'id', metadata: new Map([['b', 'another']]) })
    },
    ['old', 'another', undefined],
  ],
])('whenever a value is %s while it is read, the reader gets it from before or from after', (_, write, right) => {
  const readers: ((sessions: SessionManager) => string | undefined)[] = [
    (sessions) => sessions.getMetadata('id', 'b'),
    (sessions) => sessions.getMany(['id'])[0]?.metadata.get('b'),
  ]
  for (const isRemembered of [false, true]) {
    for (const read of readers) {
      const seen = new Set<string | undefined>()
      atEveryAccess((at) => {
        const { sessions, memory } = fresh({ capacity: 1 })
        sessions.createSession('u', 'n', { id: 'id', metadata: new Map(ENTRIES) })
        const reader = new SessionManager(memory)
        for (let asked = isRemembered ? 0 : 3; asked < 3; asked++) reader.getSession('id')
        const { result, reached } = preempt(
          at,
          () => read(reader),
          () => write(new SessionManager(memory)),
        )
        seen.add(result)
        return { reached }
      })
      expect(right).toEqual(expect.arrayContaining([...seen]))
      expect(seen.has('old')).toBe(true)
    }
  }
})
