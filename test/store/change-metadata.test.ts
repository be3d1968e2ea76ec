/** Changes of several keys in one step. preempted.test.ts tries at every access what can come in between. */
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { SessionManager } from '../../src/store/manager.ts'
import type { Jobs } from './parallel.jobs.ts'
import { NOT_FOUND, TOO_LONG, bytesBesideNotes, fresh, memoryThreads, resultOf } from './stores.ts'

const { run, end } = memoryThreads<Jobs>(new URL('parallel.jobs.ts', import.meta.url))
afterAll(end)
afterEach(() => {
  vi.useRealTimers()
})

function withBasket() {
  const made = fresh()
  const metadata = new Map([
    ['guest', 'yes'],
    ['basket', '3'],
  ])
  return { ...made, id: made.sessions.createSession('u', 'n', { metadata, timeToLive: 60_000 }) }
}

describe('changing metadata', () => {
  test('sets, changes and removes keys in one version, and counts no access', () => {
    const { sessions, id } = withBasket()
    const before = sessions.getSession(id)!
    const written = sessions.changeMetadata(id, (metadata) => {
      metadata.set('basket', `${Number(metadata.get('basket')) + 1}`).set('theme', 'dark')
      metadata.delete('guest')
    })
    expect(written).toBe(true)
    const { metadata, version, accessCount, expiresAt } = sessions.getSession(id)!
    expect(Object.fromEntries(metadata)).toEqual({ basket: '4', theme: 'dark' })
    expect({ version, accessCount, expiresAt }).toEqual({ version: 2, accessCount: 0, expiresAt: before.expiresAt })
  })

  test('gives the session the time to live that the change asks for', () => {
    vi.useFakeTimers({ now: 1_000_000, toFake: ['Date'] })
    const { sessions, id } = withBasket()
    sessions.changeMetadata(id, () => ({ timeToLive: 500 }))
    expect(sessions.getSession(id)).toMatchObject({ expiresAt: 1_000_500, lastActivity: 1_000_000 })
    vi.setSystemTime(1_000_500)
    expect(resultOf(() => sessions.changeMetadata(id, () => {}))).toBe(NOT_FOUND)
  })

  test('passes the whole session to the change', () => {
    const { sessions, id } = withBasket()
    const seen: unknown[] = []
    sessions.changeMetadata(id, (_, session) => void seen.push(session.userId, session.version))
    expect(seen).toEqual(['u', 1])
  })

  test.each([
    ['that declines', () => false as const, false],
    [
      'that adds more than fits',
      (metadata: Map<string, string>) => void metadata.set('long', 'x'.repeat(999)),
      TOO_LONG,
    ],
    ['to no time at all', () => ({ timeToLive: 0 }), 'ERR_RACELAB_TIME_TO_LIVE'],
  ])('leaves every byte as it was after a change %s', (_, change, result) => {
    const { sessions, memory, id } = withBasket()
    const before = bytesBesideNotes(memory)
    const changing = (metadata: Map<string, string>) => {
      metadata.delete('guest')
      return change(metadata)
    }
    expect(resultOf(() => sessions.changeMetadata(id, changing))).toBe(result)
    expect(bytesBesideNotes(memory).equals(before)).toBe(true)
  })

  test('throws what the change throws, and changes nothing', () => {
    const { sessions, memory, id } = withBasket()
    const before = bytesBesideNotes(memory)
    const change = (metadata: Map<string, string>) => {
      metadata.delete('guest')
      throw new Error(`cannot decide about ${id}`)
    }
    expect(() => sessions.changeMetadata(id, change)).toThrow(`cannot decide about ${id}`)
    expect(bytesBesideNotes(memory).equals(before)).toBe(true)
  })

  test('calls the change again with what another agent wrote meanwhile', () => {
    const { sessions, memory, id } = withBasket()
    const other = new SessionManager(memory)
    const seen: (string | undefined)[] = []
    sessions.changeMetadata(id, (metadata) => {
      if (seen.length === 0) other.updateSession(id, 'basket', '10')
      seen.push(metadata.get('basket'))
      metadata.set('basket', `${Number(metadata.get('basket')) + 1}`)
    })
    expect(seen).toEqual(['3', '10'])
    expect(sessions.getSession(id)!.metadata.get('basket')).toBe('11')
  })
})

test.each([2, 8])(
  '%i threads that add to two keys in one step lose nothing, and the two keys are always equal',
  async (count) => {
    const { sessions, memory } = fresh()
    sessions.createSession('u', 'n', { id: 'a' })
    const disagreements = await run('addToTwoKeys', count, { memory, rounds: 1000 })
    expect(disagreements).toEqual(Array.from({ length: count }, () => 0))
    const { metadata, version } = sessions.getSession('a')!
    expect(Object.fromEntries(metadata)).toEqual({ left: `${count * 1000}`, right: `${count * 1000}` })
    expect(version).toBe(1 + count * 1000)
  },
)
