/** An agent must never trust what its near cache says without checking the session. */
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { WRITING, withState } from '../../src/store/control.ts'
import { SessionManager } from '../../src/store/manager.ts'
import { UNKNOWN, nearCacheFor } from '../../src/store/near-cache.ts'
import { SessionStore } from '../../src/store/store.ts'
import { NOT_FOUND, fresh, idsOfOneHome, resultOf } from './stores.ts'

const CAPACITY = 4

/** Returns an agent that has asked for an id often enough to remember it, and another agent over the same memory. */
function remembering(id: string) {
  const { sessions: other, store, memory } = fresh({ capacity: CAPACITY })
  other.createSession('the first', 'n', { id })
  const agent = new SessionManager(memory)
  for (let time = 0; time < 4; time++) expect(agent.getSession(id)?.userId).toBe('the first')
  return { agent, other, store }
}

describe('a slot that was given to another session', () => {
  const [first, second] = idsOfOneHome(2, CAPACITY) as [string, string]

  function givenAway() {
    const { agent, other, store } = remembering(first)
    const { slot } = store.find(first)!
    other.deleteSession(first)
    other.runCleanup()
    other.createSession('the second', 'n', { id: second })
    expect(store.find(second)!.slot).toBe(slot)
    return { agent, other }
  }

  test.each<[string, (agent: SessionManager) => unknown]>([
    ['reading', (agent) => agent.getSession(first) ?? NOT_FOUND],
    ['counting', (agent) => agent.incrementAccess(first)],
    ['counting in a batch', (agent) => agent.incrementAccesses([first])[0] ?? NOT_FOUND],
    ['setting in a batch', (agent) => agent.updateSessions([first], 'k', ['v'])[0] || NOT_FOUND],
    ['setting', (agent) => agent.updateSession(first, 'k', 'v')],
    ['changing', (agent) => agent.changeMetadata(first, (metadata) => void metadata.set('k', 'v'))],
    ['touching', (agent) => agent.touch(first, 1000)],
    ['deleting', (agent) => (agent.deleteSession(first) ? 'deleted' : NOT_FOUND)],
  ])('is not the one that was there: %s', (_, act) => {
    const { agent, other } = givenAway()
    const before = other.getSession(second)
    expect(resultOf(() => act(agent))).toBe(NOT_FOUND)
    expect(other.getSession(second)).toEqual(before)
  })

  test('is found under its own id', () => {
    const { agent } = givenAway()
    for (let time = 0; time < 4; time++) expect(agent.incrementAccess(second)).toBe(time + 1)
  })
})

test('a session of the same id, in the same slot or in another, is the new one', () => {
  const [id, inTheWay] = idsOfOneHome(2, CAPACITY) as [string, string]
  const { agent, other } = remembering(id)
  other.deleteSession(id)
  other.runCleanup()
  other.createSession('the second', 'n', { id })
  expect(agent.getSession(id)?.userId).toBe('the second')
  other.deleteSession(id)
  other.runCleanup()
  other.createSession('in the way', 'n', { id: inTheWay })
  other.createSession('the third', 'n', { id })
  for (let time = 0; time < 4; time++) expect(agent.getSession(id)?.userId).toBe('the third')
})

test('a remembered session that has expired is not there, and comes back under its id as another', async () => {
  const { sessions, memory } = fresh()
  const agent = new SessionManager(memory)
  sessions.createSession('the first', 'n', { id: 'a' })
  for (let time = 0; time < 4; time++) agent.getSession('a')
  sessions.touch('a', 1)
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(agent.getSession('a')).toBe(undefined)
  sessions.createSession('the second', 'n', { id: 'a' })
  expect(agent.getSession('a')?.userId).toBe('the second')
})

test('ids that are equal in all characters of the tag are told apart, even if there are more than fit in one set', () => {
  const { sessions, memory } = fresh({ capacity: 20 })
  const ids = Array.from({ length: 20 }, (_, index) => `ab${String.fromCharCode(65 + index).repeat(9)}the same`)
  for (const id of ids) sessions.createSession(`of ${id}`, 'n', { id })
  const store = new SessionStore(memory)
  for (let time = 0; time < 5; time++) for (const id of ids) expect(store.get(id)?.userId).toBe(`of ${id}`)
  expect(store.get('abZZZZZZZZZthe same')).toBe(undefined)
})

test('an id that was never added has no entry, not even the empty one', () => {
  const { store, sessions, memory } = fresh({ capacity: CAPACITY })
  const [first] = idsOfOneHome(1, CAPACITY) as [string]
  sessions.createSession('u', 'n', { id: first })
  const { slot } = store.find(first)!
  expect(slot).toBe(0)
  // Another session is being written and stays so. An agent that asks for the empty id must not wait for it.
  new Int32Array(memory)[store.records.recordAt(slot)] = withState(store.records.control(slot), WRITING)
  for (let time = 0; time < 4; time++) expect(store.find('')).toBe(undefined)
})

test('an id too long to be one is not there, however often it is asked for', () => {
  const { sessions } = fresh()
  for (let time = 0; time < 4; time++) expect(sessions.getSession('x'.repeat(1000))).toBe(undefined)
})

describe('ids of which nearly all are remembered, as many as the store has room for', () => {
  const digits = (at: number) => `${at}`.padStart(4, '0')
  test.each<[string, (at: number) => string]>([
    ['random ones', () => randomUUID()],
    ['numbers', (at) => `${at}`],
    ['numbers behind a name', (at) => `session ${at}`],
    ['numbers before a few characters', (at) => `user:${digits(at)}:x`],
    ['numbers in wide text', (at) => `語語語語語語${digits(at)}語`],
  ])('%s', (_, idOf) => {
    const capacity = 1000
    const near = nearCacheFor(1.5 * capacity)!
    const ids = Array.from({ length: capacity }, (_, at) => idOf(at))
    ids.forEach((id, at) => {
      if (near.entryOf(id) === UNKNOWN) near.add(id, at, 0)
    })
    const known = ids.filter((id, at) => {
      const entry = near.entryOf(id)
      return entry !== UNKNOWN && near.slot(entry) === at
    })
    expect(known.length).toBeGreaterThan(0.95 * capacity)
  })
})
