/** A store that is full: who is refused, who gives way, and what the user of the store is told. */
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Database } from '../../src/store/database/database.ts'
import { OptionsError } from '../../src/store/errors.ts'
import { evictAnonymous, evictNone, evictOldest } from '../../src/store/evict.ts'
import type { Evict } from '../../src/store/evict.ts'
import { SessionManager } from '../../src/store/manager.ts'
import type { Usage } from '../../src/store/usage.ts'
import { atEveryAccess, preempt } from './preempt.ts'
import { EXISTS, FULL, fresh, numbersTo, resultOf } from './stores.ts'

function clockAt(time: number): void {
  vi.useFakeTimers({ now: time, toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
}

/** Creates sessions with these ids, each a millisecond after the one before. Those that begin with "u" are of users. */
function createAll(sessions: SessionManager, ids: readonly string[]): void {
  for (const id of ids) {
    vi.setSystemTime(Date.now() + 1)
    sessions.createSession('', '', { id, isAuthenticated: id.startsWith('u') })
  }
}

function filled(ids: readonly string[]): SessionManager {
  clockAt(1_000_000)
  const { sessions } = fresh({ capacity: ids.length })
  createAll(sessions, ids)
  return sessions
}

const idsOf = (sessions: SessionManager): string[] => sessions.getIds().toSorted()

describe('who gives way', () => {
  test.each<[string, Evict, string | undefined]>([
    ['evictNone: no session', evictNone, undefined],
    ['evictAnonymous: the oldest that is not authenticated', evictAnonymous, 'a'],
    ['evictOldest: the same', evictOldest, 'a'],
    ['a function: that with the lowest number', ({ lastActivity }) => -lastActivity, 'c'],
    ['a function that says NaN: no session', () => Number.NaN, undefined],
  ])('%s', (_, evict, gone) => {
    const ids = ['u', 'a', 'b', 'c']
    const sessions = filled(ids)
    const got = resultOf(() => sessions.createSession('', '', { id: 'new', evict }))
    expect(got).toBe(gone === undefined ? FULL : 'new')
    expect(idsOf(sessions)).toEqual(
      gone === undefined ? ids.toSorted() : [...ids, 'new'].filter((id) => id !== gone).toSorted(),
    )
    const wanted = gone === undefined ? { refused: 1, evicted: 0 } : { refused: 0, evicted: 1 }
    expect(sessions.getUsage()).toEqual({ capacity: 4, used: 4, highWaterMark: 4, ...wanted })
  })

  test('if all are authenticated, the oldest with evictOldest, and none with evictAnonymous', () => {
    const sessions = filled(['u1', 'u2'])
    expect(resultOf(() => sessions.createSession('', '', { id: 'new', evict: evictAnonymous }))).toBe(FULL)
    sessions.touch('u1', Infinity)
    vi.setSystemTime(Date.now() + 1)
    sessions.createSession('', '', { id: 'new', evict: evictOldest })
    expect(idsOf(sessions)).toEqual(['new', 'u1'].toSorted())
  })

  test('no session, as long as the store has room, or one to clean up', () => {
    const sessions = filled(['a', 'b', 'c'])
    sessions.deleteSession('a')
    sessions.touch('b', 1)
    vi.setSystemTime(Date.now() + 1)
    const never: Evict = () => expect.fail('it was asked')
    for (const id of ['d', 'e']) sessions.createSession('', '', { id, evict: id === 'e' ? evictOldest : evictNone })
    expect(idsOf(sessions)).toEqual(['c', 'd', 'e'])
    sessions.deleteSession('d', { cleanUp: true })
    sessions.createSession('', '', { id: 'f', evict: never })
    expect(sessions.getUsage()).toMatchObject({ evicted: 0, refused: 0 })
  })

  test('is told by what a candidate holds', () => {
    const sessions = filled(['a', 'u'])
    sessions.incrementAccess('u')
    sessions.touch('a', 5000)
    const seen = new Set<string>()
    resultOf(() => sessions.createSession('', '', { evict: (each) => (seen.add(JSON.stringify(each)), Infinity) }))
    const now = Date.now()
    expect([...seen].map((text) => JSON.parse(text) as unknown)).toEqual(
      expect.arrayContaining([
        { isAuthenticated: false, lastActivity: now, expiresAt: now + 5000, accessCount: 0 },
        { isAuthenticated: true, lastActivity: now, expiresAt: null, accessCount: 1 },
      ]),
    )
    expect(seen.size).toBe(2)
  })

  test('not a session that is used between the decision and the eviction', () => {
    const sessions = filled(['a'])
    const evict: Evict = () => sessions.incrementAccess('a')
    expect(resultOf(() => sessions.createSession('', '', { id: 'new', evict }))).toBe(FULL)
    // One decision for each sample.
    expect(sessions.getSession('a')!.accessCount).toBeGreaterThan(1)
    expect(sessions.getUsage().evicted).toBe(0)
    expect(sessions.verify()).toEqual([])
  })
})

test('a creation whose room another one takes makes room again', () => {
  let taken = 0
  atEveryAccess((at) => {
    const { sessions, memory } = fresh({ capacity: 2 })
    for (const id of ['a', 'b']) sessions.createSession('', '', { id, isAuthenticated: false })
    const done = preempt(
      at,
      () => resultOf(() => sessions.createSession('', '', { id: 'new', evict: evictOldest })),
      () => resultOf(() => new SessionManager(memory).createSession('', '', { id: 'other' })),
    )
    expect(done.result).toBe('new')
    if (done.reached && done.other === 'other') taken++
    expect(sessions.verify()).toEqual([])
    return done
  })
  expect(taken).toBeGreaterThan(0)
})

test('a creation looks at 64 slots at most, and creations together at all', () => {
  clockAt(1_000_000)
  const { sessions, store } = fresh({ capacity: 1000, metadataBytes: 0 })
  for (const number of numbersTo(1000))
    sessions.createSession('', '', { id: `${number}`, timeToLive: number === 7 ? 1 : 2 })
  const most = Math.ceil(store.layout.slots / 64)
  vi.setSystemTime(Date.now() + 1)
  for (let creations = 1; ; creations++) {
    const before = store.stat('cleanupHand')
    let asked = 0
    const got = resultOf(() => sessions.createSession('', '', { id: 'new', evict: () => (asked++, Infinity) }))
    expect(store.stat('cleanupHand') - before).toBeLessThanOrEqual(64)
    expect(asked).toBeLessThanOrEqual(64)
    if (got === 'new') break
    expect(creations).toBeLessThan(most)
  }
  expect([sessions.getSession('7'), sessions.getUsage().evicted]).toEqual([undefined, 0])
})

test('a creation frees its own id, if that waits for the clean-up, only if it makes room', () => {
  const sessions = filled(['a', 'b'])
  sessions.deleteSession('a')
  expect(resultOf(() => sessions.createSession('', '', { id: 'a' }))).toBe(EXISTS)
  expect(resultOf(() => sessions.createSession('', '', { id: 'a', evict: evictNone }))).toBe('a')
  expect(resultOf(() => sessions.createSession('', '', { id: 'a', evict: evictOldest }))).toBe(EXISTS)
})

test('what evict throws is thrown, and no session is evicted', () => {
  const sessions = filled(['a'])
  const evict: Evict = () => {
    throw new Error('undecided')
  }
  expect(() => sessions.createSession('', '', { id: 'new', evict })).toThrow('undecided')
  expect(idsOf(sessions)).toEqual(['a'])
  expect(sessions.verify()).toEqual([])
})

test('an evict that is no function is refused at once, not when the store is full', () => {
  const { sessions } = fresh()
  expect(() => sessions.createSession('', '', { evict: 'oldest' as never })).toThrow(OptionsError)
  expect(sessions.getUsage().used).toBe(0)
})

describe('with a database that refuses to drop rows', () => {
  function stubborn() {
    const asked: string[] = []
    const database: Database = {
      fetch: () => undefined,
      store: () => {},
      delete(id) {
        asked.push(id)
        throw new Error('locked')
      },
      close: () => {},
    }
    clockAt(1_000_000)
    const { sessions } = fresh({ capacity: 3 }, { database })
    createAll(sessions, ['a', 'b', 'c'])
    return { sessions, asked }
  }

  test('a creation ends one session at most, whose row is left to the clean-up', () => {
    const { sessions, asked } = stubborn()
    for (const _ of [1, 2]) {
      expect(resultOf(() => sessions.createSession('', '', { evict: evictOldest }))).toBe(FULL)
      // The second creation comes to the deleted session first.
      expect(asked).toEqual(asked.map(() => 'a'))
    }
    expect(asked).toHaveLength(2)
    expect(idsOf(sessions)).toEqual(['b', 'c'])
    expect(sessions.getStats()).toMatchObject({
      cleanupQueueSize: 1,
      failedCleanups: 2,
      evicted: 1,
      refused: 2,
      used: 3,
    })
  })

  test('a session that is deleted at once is deleted, and left to the clean-up', () => {
    const { sessions, asked } = stubborn()
    expect(sessions.deleteSession('a', { cleanUp: true })).toBe(true)
    expect(sessions.deleteSession('a', { cleanUp: true })).toBe(false)
    expect(asked).toEqual(['a'])
    expect(sessions.getStats()).toMatchObject({ activeSessions: 2, cleanupQueueSize: 1 })
  })
})

describe('the callback at a high-water mark', () => {
  /** A store for 10 whose manager calls back; returns what it has called back with, once the calls have come. */
  function watched(at: number) {
    const calls: Usage[] = []
    const { sessions, memory } = fresh({ capacity: 10 }, { highWater: { at, call: (usage) => void calls.push(usage) } })
    const called = async (): Promise<number[]> => {
      await Promise.resolve()
      return calls.splice(0).map(({ used }) => used)
    }
    const create = (count: number) => numbersTo(count).map(() => sessions.createSession('', ''))
    return { sessions, memory, called, create, calls }
  }

  test('comes once when the use reaches the mark, and again after it was below', async () => {
    const { sessions, called, create, calls } = watched(0.75)
    const ids = create(7)
    expect(await called()).toEqual([])
    create(1)
    // It comes after the creation has returned.
    expect(calls).toEqual([])
    expect(await called()).toEqual([8])
    create(2)
    expect(await called()).toEqual([])
    // No creation finds the use below the mark.
    for (const id of ids.slice(0, 3)) sessions.deleteSession(id, { cleanUp: true })
    create(1)
    expect(await called()).toEqual([])
    for (const id of ids.slice(3, 5)) sessions.deleteSession(id, { cleanUp: true })
    create(1)
    expect(await called()).toEqual([])
    create(1)
    expect(await called()).toEqual([8])
  })

  test('comes to a thread whose creation is refused, too', async () => {
    const { called, memory, sessions } = watched(1)
    const other = new SessionManager(memory)
    for (const _ of numbersTo(10)) other.createSession('', '')
    expect(await called()).toEqual([])
    expect(resultOf(() => sessions.createSession('', ''))).toBe(FULL)
    expect(await called()).toEqual([10])
  })

  test.each([0, -1, 1.1, Number.NaN, '0.9' as never])('is not possible at %o of the capacity', (at) => {
    expect(() => watched(at)).toThrow(OptionsError)
  })

  test('must be a function', () => {
    expect(() => fresh({}, { highWater: { at: 1, call: 5 as never } })).toThrow(OptionsError)
  })
})
