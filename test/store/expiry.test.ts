/** A session that expires is gone for every agent at once, and the clean-up frees it. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { resultOf, fresh } from './stores.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000, toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a session whose time is up', () => {
  test('is there until the last millisecond, and not after it', () => {
    const { sessions } = fresh()
    const id = sessions.createSession('u', 'n', { timeToLive: 1000 })
    vi.setSystemTime(1_000_999)
    expect(sessions.getSession(id)).toMatchObject({ expiresAt: 1_001_000 })
    vi.setSystemTime(1_001_000)
    expect(sessions.getSession(id)).toBeUndefined()
  })

  test('is found by no operation, counts as waiting for clean-up, and is not among the ids', () => {
    const { sessions } = fresh()
    const id = sessions.createSession('u', 'n', { timeToLive: 1 })
    const other = sessions.createSession('u', 'n')
    vi.setSystemTime(1_000_001)
    expect(resultOf(() => sessions.updateSession(id, 'k', 'v'))).toBe('ERR_RACELAB_SESSION_NOT_FOUND')
    expect(resultOf(() => sessions.incrementAccess(id))).toBe('ERR_RACELAB_SESSION_NOT_FOUND')
    expect(resultOf(() => sessions.touch(id, 1000))).toBe('ERR_RACELAB_SESSION_NOT_FOUND')
    expect(sessions.deleteSession(id)).toBe(false)
    expect(sessions.getIds()).toEqual([other])
    expect(sessions.getStats()).toMatchObject({ activeSessions: 1, cleanupQueueSize: 1 })
  })

  test('gives back its capacity at the next clean-up', () => {
    const { sessions } = fresh({ capacity: 1 })
    sessions.createSession('u', 'n', { timeToLive: 1 })
    vi.setSystemTime(1_000_001)
    expect(resultOf(() => sessions.createSession('u', 'n'))).toBe('ERR_RACELAB_STORE_FULL')
    expect(sessions.runCleanup()).toMatchObject({ cleaned: 1 })
    expect(sessions.getStats()).toMatchObject({ activeSessions: 0, cleanupQueueSize: 0 })
    sessions.createSession('u', 'n')
  })

  test('does not prevent a new session with its id', () => {
    const { sessions } = fresh()
    sessions.createSession('old', 'n', { id: 'a', timeToLive: 1 })
    vi.setSystemTime(1_000_001)
    sessions.createSession('new', 'n', { id: 'a' })
    expect(sessions.getSession('a')).toMatchObject({ userId: 'new', expiresAt: Infinity })
  })
})

test('touching sets the time to live from now, or without end, and changes nothing else but the last activity', () => {
  const { sessions } = fresh()
  const id = sessions.createSession('u', 'n', { timeToLive: 1000 })
  const before = sessions.getSession(id)!
  vi.setSystemTime(1_000_500)
  sessions.touch(id, 1000)
  expect(sessions.getSession(id)).toEqual({ ...before, lastActivity: 1_000_500, expiresAt: 1_001_500 })
  sessions.touch(id, Infinity)
  vi.setSystemTime(4_000_000_000_000)
  expect(sessions.getSession(id)).toBeDefined()
})

test('updates leave the time of expiry alone', () => {
  const { sessions } = fresh()
  const id = sessions.createSession('u', 'n', { timeToLive: 1000 })
  vi.setSystemTime(1_000_500)
  sessions.updateSession(id, 'k', 'v')
  sessions.incrementAccess(id)
  expect(sessions.getSession(id)).toMatchObject({ expiresAt: 1_001_000 })
})

test.each([0, -1, Number.NaN, '5000' as never])(
  'a time to live of %o is refused, and nothing is changed',
  (timeToLive) => {
    const { sessions } = fresh()
    const id = sessions.createSession('u', 'n')
    expect(resultOf(() => sessions.createSession('u', 'n', { timeToLive }))).toBe('ERR_RACELAB_TIME_TO_LIVE')
    expect(resultOf(() => sessions.touch(id, timeToLive))).toBe('ERR_RACELAB_TIME_TO_LIVE')
    expect(sessions.getStats()).toMatchObject({ activeSessions: 1 })
  },
)

test('a clean-up keeps its limit, and the next one continues where it stopped', () => {
  const { sessions } = fresh({ capacity: 10 })
  for (let session = 0; session < 10; session++) sessions.createSession('u', 'n', { timeToLive: 1 })
  vi.setSystemTime(1_000_001)
  expect([4, 4, 4].map((limit) => sessions.runCleanup({ limit }).cleaned)).toEqual([4, 4, 2])
})
