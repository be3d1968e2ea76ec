/** Over damaged memory every operation ends with a result or a named error, and an error has changed nothing. */
import { describe, expect, test } from 'vitest'
import { callAll } from '../../bench/loads/fuzz-calls.ts'
import { damagedMemory } from '../../bench/loads/fuzz-memory.ts'
import { AWAITED, DEAD_LETTER, DELETED, WRITING, ownedBy, stateOf, withState } from '../../src/store/control.ts'
import { CorruptStoreError, SessionBusyError } from '../../src/store/errors.ts'
import { ENTRY, ENTRY_WORDS, HEADER, NOTES, RECORD, STATS } from '../../src/store/layout.ts'
import { SessionManager } from '../../src/store/manager.ts'
import { Write, notesAt } from '../../src/store/notes.ts'
import { SessionStore } from '../../src/store/store.ts'
import { bytesBesideNotes, fresh, resultOf } from './stores.ts'
import type { Fresh } from './stores.ts'

const CORRUPT = 'ERR_RACELAB_CORRUPT_STORE'
const BUSY = 'ERR_RACELAB_SESSION_BUSY'
/** The number of an agent that could live, and does not. */
const NOBODY = 900_001

test('whatever a memory holds, every call ends with a result or a named error', async () => {
  let corrupt = 0
  for (let seed = 30_000; seed < 30_200; seed++) {
    const { unnamed, errors } = await callAll(damagedMemory(seed), seed, 1)
    expect(unnamed, `seed ${seed}`).toEqual([])
    corrupt += errors['CorruptStoreError'] ?? 0
  }
  expect(corrupt).toBeGreaterThan(1000)
}, 120_000)

interface Scene extends Fresh {
  readonly words: Int32Array
  /** The slot of session `a`, and the words at which its record and its entry in the index begin. */
  readonly slot: number
  readonly record: number
  readonly entry: number
}

/** A store with the sessions `a` and `b`. The manager waits for a millisecond at most. */
function scene(): Scene {
  const made = fresh({ capacity: 4, agents: 2 }, { patience: 1 })
  for (const id of ['a', 'b']) made.sessions.createSession('u', 'n', { id, metadata: new Map([['k', 'value']]) })
  const { slot } = made.store.find('a')!
  const entry = made.store.layout.at.index + ENTRY_WORDS * slot
  return { ...made, words: new Int32Array(made.memory), slot, record: made.store.records.recordAt(slot), entry }
}

/** The operations on a session that read or write its texts. */
const ON_TEXTS: Readonly<Record<string, (sessions: SessionManager, id: string) => unknown>> = {
  getSession: (sessions, id) => sessions.getSession(id),
  updateSession: (sessions, id) => sessions.updateSession(id, 'new', 'value'),
  updateSessions: (sessions, id) => sessions.updateSessions([id], 'k', ['a longer value']),
  changeMetadata: (sessions, id) => sessions.changeMetadata(id, () => {}),
  revokeAuthentication: (sessions, id) => sessions.revokeAuthentication(id),
  touch: (sessions, id) => sessions.touch(id, 1000),
}
/** The other operations on a session, which look at its state. */
const ON_STATE: typeof ON_TEXTS = {
  ...ON_TEXTS,
  incrementAccess: (sessions, id) => sessions.incrementAccess(id),
  incrementAccesses: (sessions, id) => sessions.incrementAccesses([id]),
  deleteSession: (sessions, id) => sessions.deleteSession(id),
  getMetadata: (sessions, id) => sessions.getMetadata(id, 'k'),
  getMany: (sessions, id) => sessions.getMany([id]),
}

test.each([
  ['nameWords', 2],
  ['nameWords', -1],
  ['nameWords', 99],
  ['textWords', 4_000_000],
  ['textWords', -1],
  ['textWords', 8],
] as const)('a key is not read where %s is %i', (word, value) => {
  const { sessions, words, record } = scene()
  words[record + RECORD[word]] = value
  expect(() => sessions.getMetadata('a', 'k')).toThrow(CorruptStoreError)
  expect(sessions.getMetadata('b', 'k')).toBe('value')
})

type Damage = (scene: Scene) => unknown

/** What is damaged, what the error says, which operations on `a` meet it, and the damage. */
const DAMAGES: readonly [what: string, says: string, meet: typeof ON_TEXTS, damage: Damage][] = [
  [
    'a text longer than a slot',
    'more text than there is room for: 4000000 bytes',
    ON_TEXTS,
    ({ words, record }) => (words[record + RECORD.textWords] = 1_000_000),
  ],
  [
    'a text longer by one word than an even number',
    'more text than there is room for: 4000004 bytes',
    ON_TEXTS,
    ({ words, record }) => (words[record + RECORD.textWords] = 1_000_001),
  ],
  [
    'metadata that begin within the names',
    'do not begin at the recorded word',
    ON_TEXTS,
    ({ words, record }) => (words[record + RECORD.nameWords] = 1),
  ],
  [
    'metadata where a record has no room for them, in text that it has room for',
    'do not begin at the recorded word',
    ON_TEXTS,
    ({ words, record }) => [(words[record + RECORD.nameWords] = 100), (words[record + RECORD.textWords] = 110)],
  ],
  [
    'a text of a negative length',
    'more text than there is room for',
    ON_TEXTS,
    ({ words, record }) => (words[record + RECORD.textWords] = -1),
  ],
  [
    'a text that ends within a value',
    'do not end at the recorded word',
    ON_TEXTS,
    ({ words, record }) => words[record + RECORD.textWords]!--,
  ],
  [
    'a text that ends within the names',
    'do not end at',
    ON_TEXTS,
    ({ words, record }) => (words[record + RECORD.textWords] = 3),
  ],
  [
    'metadata that begin elsewhere',
    'do not begin at the recorded word',
    ON_TEXTS,
    ({ words, record }) => (words[record + RECORD.nameWords] = -7),
  ],
  [
    'metadata that begin behind the room',
    'do not begin at the recorded word',
    ON_TEXTS,
    ({ words, record }) => (words[record + RECORD.nameWords] = 2 ** 31 - 1),
  ],
  [
    'a key of the greatest length',
    'do not end at the recorded word',
    ON_TEXTS,
    ({ words, record }) => (words[keyAt(words, record)] = -1),
  ],
  [
    'a value of the greatest length',
    'do not end at the recorded word',
    { getSession: ON_TEXTS['getSession']!, changeMetadata: ON_TEXTS['changeMetadata']! },
    ({ words, record }) => (words[keyAt(words, record) + 2] = -2),
  ],
  [
    'a state that does not exist',
    'it is in state 12, which does not exist',
    ON_STATE,
    ({ words, record }) => (words[record] = withState(words[record]!, 12)),
  ],
  [
    'a writer that is no agent',
    'in state 7 an agent owns it, and the word names none',
    ON_STATE,
    ({ words, record }) => (words[record] = WRITING),
  ],
  [
    'a search over more slots than there are',
    'a search from slot',
    ON_STATE,
    ({ words, store }) => setReaches(words, store, 2 ** 31 - 1),
  ],
  [
    'a search over fewer slots than none',
    'a search from slot',
    ON_STATE,
    ({ words, store }) => setReaches(words, store, -1),
  ],
]

/** Returns the word at which the key of a session's metadata begins. */
function keyAt(words: Int32Array, record: number): number {
  return record + RECORD.text + words[record + RECORD.nameWords]!
}

function setReaches(words: Int32Array, { layout }: SessionStore, reach: number): void {
  for (let slot = 0; slot < layout.slots; slot++) words[layout.at.index + ENTRY_WORDS * slot + ENTRY.reach] = reach
}

describe.each(DAMAGES)('%s', (_, says, meet, damage) => {
  test.each(Object.entries(meet))('%s is refused with its name, and changes nothing', (_name, act) => {
    const made = scene()
    damage(made)
    const before = bytesBesideNotes(made.memory)
    expect(() => act(made.sessions, 'a')).toThrow(CorruptStoreError)
    expect(() => act(made.sessions, 'a')).toThrow(says)
    expect(bytesBesideNotes(made.memory).equals(before)).toBe(true)
  })

  test('a thread that remembers the slot is refused as well, or does not meet the damage', () => {
    const made = scene()
    for (let ask = 0; ask < 3; ask++) made.sessions.getSession('a')
    damage(made)
    const before = bytesBesideNotes(made.memory)
    for (const act of Object.values(meet)) {
      if (says.startsWith('a search')) break
      expect(resultOf(() => act(made.sessions, 'a'))).toBe(CORRUPT)
    }
    expect(bytesBesideNotes(made.memory).equals(before)).toBe(true)
  })

  test('verify names it, and another session is as it was', () => {
    const made = scene()
    damage(made)
    expect(made.sessions.verify().join('\n')).toContain(says.replace('in state 7 an agent', 'an agent'))
    if (!says.startsWith('a search')) expect(made.sessions.getSession('b')!.metadata).toEqual(new Map([['k', 'value']]))
  })
})

test.each(['getStats', 'getActiveCount', 'getCleanupQueueSize', 'getIds'] as const)(
  '%s refuses a state that does not exist, instead of counting it under another one',
  (name) => {
    const { sessions, words, record } = scene()
    words[record] = withState(words[record]!, 15)
    expect(() => sessions[name]()).toThrow(CorruptStoreError)
  },
)

test('a search over all slots is none over too many', () => {
  const { sessions, words, store } = scene()
  setReaches(words, store, store.layout.slots)
  expect(sessions.getSession('a')).toBeDefined()
  expect(sessions.verify()).toEqual([])
})

test('a new session is refused where a search would not find it, and takes no slot', () => {
  const { sessions, words, store } = scene()
  setReaches(words, store, -1)
  const states = () => Array.from({ length: store.layout.slots }, (_, slot) => stateOf(store.records.control(slot)))
  const before = [states(), store.stat('occupied')]
  expect(resultOf(() => sessions.createSession('u', 'n'))).toBe(CORRUPT)
  expect([states(), store.stat('occupied')]).toEqual(before)
})

test('a header whose sizes add up, and are none that a store can have, is no store', () => {
  const { memory } = fresh({ metadataBytes: 0, agents: 0 })
  const words = new Int32Array(memory)
  words[HEADER.nameWords]!++
  words[HEADER.metadataWords]!--
  expect(resultOf(() => new SessionManager(memory))).toBe('ERR_RACELAB_NOT_A_SESSION_STORE')
})

test('what an agent notes stays in its notes, even if they are damaged', () => {
  const { memory, words, store } = scene()
  const database = { fetch: () => undefined, store() {}, delete() {}, close() {} }
  const backed = new SessionManager(memory, { database })
  for (const at of [0, 1].map((number) => notesAt(store.layout, number)))
    // From here, the note of a control word would be that of the taken slots.
    words[at + NOTES.open] = (store.layout.at.stats + STATS.occupied - at - NOTES.opened - 1) / 2
  backed.createSession('u', 'n')
  expect(store.stat('occupied')).toBe(3)
})

test('a manager waits for so long only as its patience lasts, and by default not without end', () => {
  const { memory, words, record } = scene()
  words[record] = ownedBy(NOBODY, WRITING)
  expect(() => new SessionManager(memory).getSession('a')).toThrow(
    `Thread ${NOBODY - 1} has not ended a step within 500 ms`,
  )
  expect(() => new SessionManager(memory, { patience: 3 }).getSession('a')).toThrow('within 3 ms')
})

test('a session that another thread could be writing is waited for, and then nothing has changed', () => {
  for (const act of Object.values(ON_STATE)) {
    const { sessions, words, record, memory } = scene()
    words[record] = ownedBy(NOBODY, AWAITED)
    const before = bytesBesideNotes(memory)
    expect(() => act(sessions, 'a')).toThrow(SessionBusyError)
    expect(bytesBesideNotes(memory).equals(before)).toBe(true)
  }
})

test('a new session is refused while another thread could be counting, and an impossible one is named at once', () => {
  const { sessions, words, store, memory } = scene()
  const recount = store.layout.at.stats + STATS.recount
  words[recount] = NOBODY
  const before = bytesBesideNotes(memory)
  expect(resultOf(() => sessions.createSession('u', 'n'))).toBe(BUSY)
  for (const agent of [-1, 2 ** 28, 2 ** 31 - 1]) {
    words[recount] = agent
    expect(() => new SessionManager(memory, { patience: Infinity }).createSession('u', 'n')).toThrow(
      `names agent ${agent}, and there is none`,
    )
  }
  words[recount] = NOBODY
  expect(bytesBesideNotes(memory).equals(before)).toBe(true)
})

test('a clean-up waits once for a thread that counts, and not once for each slot', () => {
  const { words, store, memory } = scene()
  words[store.layout.at.stats + STATS.recount] = NOBODY
  let waits = 0
  const patient = new SessionStore(memory)
  patient.waiting.for = () => {
    waits++
    throw new SessionBusyError(NOBODY, 1)
  }
  for (const id of ['a', 'b']) patient.remove(id)
  for (const id of ['a', 'b']) patient.release(patient.slotOf(id)!, patient.records.control(patient.slotOf(id)!))
  expect(waits).toBe(1)
  expect([patient.slotOf('a'), patient.slotOf('b')]).toEqual([undefined, undefined])
})

describe('a session to be cleaned up whose id is damaged', () => {
  const kept = { fetch: () => undefined, store() {}, delete() {}, close() {} }

  test('stays, and the clean-up of a store with a database goes on behind it', () => {
    const { memory, words, record, sessions } = scene()
    for (const id of ['a', 'b']) sessions.deleteSession(id)
    words[record + RECORD.text] = -1
    const backed = new SessionManager(memory, { database: kept })
    const before = stateOf(words[record]!)
    const results = [0, 1, 2].map(() => resultOf(() => backed.runCleanup({ limit: 1 })))
    expect(results).toContain(CORRUPT)
    expect(results).toContainEqual({ cleaned: 1, failed: 0, deadLetters: 0 })
    expect([before, stateOf(words[record]!)]).toEqual([DELETED, DELETED])
  })

  test('is cleaned up in a store without one', () => {
    const { words, record, sessions } = scene()
    sessions.deleteSession('a')
    words[record + RECORD.text] = -1
    expect(sessions.runCleanup()).toMatchObject({ cleaned: 1 })
    expect(sessions.verify()).toEqual([])
  })

  test('stays a dead letter, and all others are returned', () => {
    const { words, record, sessions, store } = scene()
    for (const id of ['a', 'b']) {
      const { slot } = store.find(id)!
      words[store.records.recordAt(slot)] = withState(store.records.control(slot), DEAD_LETTER)
    }
    words[record + RECORD.text] = -1
    expect(sessions.takeDeadLetters()).toEqual(['b'])
    expect(resultOf(() => sessions.takeDeadLetters())).toBe(CORRUPT)
    expect(stateOf(words[record]!)).toBe(DEAD_LETTER)
  })
})

describe('what a killed thread has noted, if it is damaged, is not followed', () => {
  const noted: readonly [says: string, change: (scene: Scene, at: number) => unknown][] = [
    ['slot -1', ({ words }, at) => (words[at + NOTES.slot] = -1)],
    ['slot 6', ({ words }, at) => (words[at + NOTES.slot] = 6)],
    ['a write of kind 5', ({ words }, at) => (words[at + NOTES.write] = 5)],
    [
      'an entry of 1000 words',
      ({ words }, at) => [(words[at + NOTES.write] = Write.SET), (words[at + NOTES.entryWords] = 1000)],
    ],
    [
      'text from word -3 on',
      ({ words }, at) => [(words[at + NOTES.write] = Write.SET_IN_TEXT), (words[at + NOTES.from] = -3)],
    ],
    [
      'a record with -1 words',
      ({ words, store }, at) => [
        (words[at + NOTES.write] = Write.RECORD),
        (words[at + NOTES.record + RECORD.textWords] = -1),
        store,
      ],
    ],
    [
      'a clean-up in state 7',
      ({ words, record }, at) => [(words[record] = ownedBy(NOBODY, 10)), (words[at + NOTES.control] = 7)],
    ],
  ]

  test.each(noted)('%s', (says, change) => {
    const made = scene()
    const { words, store, sessions, memory, record } = made
    const at = notesAt(store.layout, 1)
    words[at + NOTES.agent] = NOBODY
    words[at + NOTES.slot] = made.slot
    words[record] = ownedBy(NOBODY, WRITING)
    change(made, at)
    const before = bytesBesideNotes(memory)
    expect(() => sessions.recover(NOBODY - 1)).toThrow(`The notes of agent ${NOBODY} are damaged: they say ${says}`)
    expect(bytesBesideNotes(memory).equals(before)).toBe(true)
    // Another thread may try again.
    expect(words[at + NOTES.mender]).toBe(0)
  })
})

test.each<[string, Damage]>([
  ['the header is not as it was', ({ words }) => words[HEADER.agents]!++],
  ['the hash is not that of the id', ({ words, entry }) => words[entry + ENTRY.hash]!++],
  ['it is neither authenticated nor not', ({ words, record }) => (words[record + RECORD.isAuthenticated] = 2)],
  ['the word that is always 0 is not', ({ words, record }) => (words[record + RECORD.prefetch] = 1)],
  ['its lastActivity is no time', ({ words, record }) => (words[record + RECORD.lastActivity + 1] = 2 ** 30)],
  ['its expiresAt is no time', ({ words, record }) => (words[record + RECORD.expiresAt + 1] = -1)],
  ['is no control word', ({ words, record }) => words[record + RECORD.born]!++],
  ['does not end with zeros', ({ words, record }) => (words[keyAt(words, record) + 1]! |= 1 << 24)],
  [
    'takes two bytes for each character',
    ({ words, record }) => [(words[keyAt(words, record)] = 5), (words[keyAt(words, record) + 1] = 107)],
  ],
  ['ends within a character', ({ words, record }) => (words[keyAt(words, record)] = 3)],
  ['waits for agent 5', ({ words, store }) => (words[store.layout.at.stats + STATS.recount] = 5)],
  ['is neither 0 nor 1', ({ words, store }) => (words[store.layout.at.stats + STATS.isMiscounted] = 2)],
  [
    'an agent without notes was stopped',
    ({ words, store }) => (words[store.layout.at.stats + STATS.unlistedBegun] = 1),
  ],
  [
    'was stopped in the middle of an operation',
    ({ words, store }) => (words[notesAt(store.layout, 1) + NOTES.section] = 1),
  ],
  ['notes 0: they name agent -1', ({ words, store }) => (words[notesAt(store.layout, 0) + NOTES.agent] = -1)],
])('verify names it: %s', (says, damage) => {
  const made = scene()
  expect(made.sessions.verify()).toEqual([])
  damage(made)
  expect(made.sessions.verify()).toEqual([expect.stringContaining(says)])
})

test('verify names a key that a session has twice', () => {
  const { sessions, words, record } = scene()
  sessions.updateSession('a', 'l', 'value')
  const at = keyAt(words, record)
  // Both keys take two words and both values three.
  words.copyWithin(at + 5, at, at + 2)
  expect(sessions.verify()).toEqual([expect.stringContaining('its metadata have a key twice')])
})
