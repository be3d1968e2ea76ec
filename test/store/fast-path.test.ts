/** Batches, and operations on a session that the agent remembers, must do the same as any other. near-cache.test.ts has more. */
import { expect, test } from 'vitest'
import { SessionManager } from '../../src/store/manager.ts'
import { Entry } from '../../src/store/metadata.ts'
import { beforeEachAccess } from './accesses.ts'
import { NOT_FOUND, TOO_LONG, fresh, resultOf } from './stores.ts'

/** More sessions than the fast path prepares at once. */
const MANY = 100

/** Returns sessions, and an agent that remembers every second one of them. */
function halfRemembered(options: Parameters<typeof fresh>[0] = {}) {
  const { sessions: other, memory } = fresh({ capacity: MANY + 1, ...options })
  const ids = Array.from({ length: MANY }, (_, at) => other.createSession('u', 'n', { id: `session ${at}` }))
  const agent = new SessionManager(memory)
  for (const id of ids.filter((_, at) => at % 2 === 0)) for (let time = 0; time < 4; time++) agent.getSession(id)
  return { agent, other, ids }
}

const keyOf = (sessions: SessionManager, id: string): unknown => sessions.getSession(id)?.metadata.get('k')
const countOf = (sessions: SessionManager, id: string): unknown => sessions.getSession(id)?.accessCount

test('a batch counts each id as often as it contains it, in order', () => {
  const { agent, other, ids } = halfRemembered()
  const batch = [...ids, ...ids.slice(0, 10)]
  expect(agent.incrementAccesses(batch)).toEqual(batch.map((_, at) => (at < MANY ? 1 : 2)))
  expect(ids.map((id) => countOf(other, id))).toEqual(ids.map((_, at) => (at < 10 ? 2 : 1)))
  expect(agent.verify()).toEqual([])
})

test('a batch sets each of its values, and the last one if an id is in it twice', () => {
  const { agent, other, ids } = halfRemembered()
  const batch = [...ids, ids[0]!]
  const values = batch.map((_, at) => `value ${at}`)
  expect(agent.updateSessions(batch, 'k', values)).toEqual(batch.map(() => true))
  expect(ids.map((id) => keyOf(other, id))).toEqual([`value ${MANY}`, ...values.slice(1, MANY)])
  expect(ids.map((id) => countOf(other, id))).toEqual(ids.map((_, at) => (at === 0 ? 2 : 1)))
})

test('an empty batch does nothing', () => {
  const { agent } = halfRemembered()
  expect(agent.incrementAccesses([])).toEqual([])
  expect(agent.updateSessions([], 'k', [])).toEqual([])
})

test('a batch says which ids have no session, deleted or never created, and does all others', () => {
  const { agent, other, ids } = halfRemembered()
  const gone = [ids[2]!, ids[3]!]
  for (const id of gone) other.deleteSession(id)
  const batch = ['nobody', ...ids]
  const isThere = (id: string) => id !== 'nobody' && !gone.includes(id)
  expect(agent.incrementAccesses(batch)).toEqual(batch.map((id) => (isThere(id) ? 1 : undefined)))
  const values = batch.map(() => 'v')
  expect(agent.updateSessions(batch, 'k', values)).toEqual(batch.map(isThere))
})

test('for a batch, an expired session is not there', async () => {
  const { agent, other, ids } = halfRemembered()
  for (const id of ids) other.touch(id, 1)
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(agent.incrementAccesses(ids)).toEqual(ids.map(() => undefined))
  expect(agent.updateSessions(ids, 'k', ids)).toEqual(ids.map(() => false))
  for (const id of ids.slice(0, 2)) expect(resultOf(() => agent.incrementAccess(id))).toBe(NOT_FOUND)
})

test('for a batch, a session with a long time to live is there', () => {
  const { agent, other, ids } = halfRemembered()
  for (const id of ids) other.touch(id, 1e6)
  expect(agent.incrementAccesses(ids)).toEqual(ids.map(() => 1))
})

test.each([0, 1])('if a value does not fit, all others are set, and then an error is thrown (id %i)', (tight) => {
  const { agent, other, ids } = halfRemembered({ metadataBytes: 32 })
  const values = ids.map((_, at) => (at === tight ? 'x'.repeat(100) : `${at}`))
  expect(resultOf(() => agent.updateSessions(ids, 'k', values))).toBe(TOO_LONG)
  expect(ids.map((id) => keyOf(other, id))).toEqual(values.map((value, at) => (at === tight ? undefined : value)))
  expect(ids.map((id) => countOf(other, id))).toEqual(ids.map((_, at) => (at === tight ? 0 : 1)))
  expect(resultOf(() => agent.updateSession(ids[tight]!, 'k', values[tight]!))).toBe(TOO_LONG)
  agent.updateSession(ids[tight]!, 'k', 'fits')
  expect(agent.verify()).toEqual([])
})

test('a batch with one value too few or too many changes nothing', () => {
  const { agent, other, ids } = halfRemembered()
  for (const values of [ids.slice(1), [...ids, 'one more']])
    expect(resultOf(() => agent.updateSessions(ids, 'k', values))).toBe('ERR_RACELAB_BATCH')
  expect(ids.map((id) => countOf(other, id))).toEqual(ids.map(() => 0))
})

test('a batch that is not an array is refused: a string does not stand for its characters', () => {
  const { agent } = halfRemembered()
  for (const ids of ['ab', 5, undefined, new Set(['a'])] as never[]) {
    expect(resultOf(() => agent.incrementAccesses(ids))).toBe('ERR_RACELAB_BATCH')
    expect(resultOf(() => agent.updateSessions(ids, 'k', ['v']))).toBe('ERR_RACELAB_BATCH')
    expect(resultOf(() => agent.updateSessions(['a'], 'k', ids))).toBe('ERR_RACELAB_BATCH')
  }
})

test('a value that fits into no store is too long, and all others are set', () => {
  const { agent, other, ids } = halfRemembered()
  const values = ids.map((_, at) => (at === 1 ? 'x'.repeat(2 ** 20 + 1) : 'v'))
  expect(resultOf(() => agent.updateSessions(ids, 'k', values))).toBe(TOO_LONG)
  expect(ids.map((id) => keyOf(other, id))).toEqual(ids.map((_, at) => (at === 1 ? undefined : 'v')))
})

test.each(['setKey', 'setValue'] as const)('a text that fits into no store leaves the entry at its size: %s', (set) => {
  const entry = new Entry(new Int32Array(64))
  const { length } = entry.words
  expect(resultOf(() => entry[set]('x'.repeat(2 ** 20 + 1)))).toBe(TOO_LONG)
  expect(entry.words.length).toBe(length)
})

test.each<[string, (agent: SessionManager, ids: string[]) => unknown]>([
  ['an id to count', (agent, ids) => agent.incrementAccesses([...ids, 5 as never])],
  ['an id to set', (agent, ids) => agent.updateSessions([...ids, null as never], 'k', [...ids, 'v'])],
  ['a key', (agent, ids) => agent.updateSessions(ids, 5 as never, ids)],
  ['a value', (agent, ids) => agent.updateSessions(ids, 'k', [...ids.slice(1), 5 as never])],
])('a batch with %s that is no text changes nothing', (_, act) => {
  const { agent, other, ids } = halfRemembered()
  expect(resultOf(() => act(agent, ids))).toBe('ERR_RACELAB_NOT_TEXT')
  expect(ids.map((id) => countOf(other, id))).toEqual(ids.map(() => 0))
})

/** Returns an array whose second element is a getter that also runs other code. */
function withGetter(texts: readonly string[], alsoDo: () => void): string[] {
  const get = () => {
    alsoDo()
    return texts[1]
  }
  return Object.defineProperty([...texts], 1, { get })
}

test('a batch counts its own sessions, even if reading an id uses the same agent', () => {
  const { agent, other, ids } = halfRemembered()
  const [first, second] = [ids[0]!, ids[2]!]
  agent.incrementAccesses(withGetter([first, second], () => agent.incrementAccess(second)))
  expect(countOf(other, first)).toBe(1)
})

test('a batch sets its own key, even if reading a value uses the same agent', () => {
  const { agent, other, ids } = halfRemembered()
  const [first, second] = [ids[0]!, ids[2]!]
  const values = withGetter(['v', 'w'], () => agent.updateSession(first, 'another', 'x'))
  agent.updateSessions([first, second], 'k', values)
  expect([keyOf(other, first), keyOf(other, second)]).toEqual(['v', 'w'])
})

test('the last activity after a batch is a time during the call', () => {
  const { agent, other, ids } = halfRemembered()
  const before = Date.now()
  agent.incrementAccesses(ids)
  const after = Date.now()
  for (const id of ids) {
    const { lastActivity } = other.getSession(id)!
    expect(lastActivity).toBeGreaterThanOrEqual(before)
    expect(lastActivity).toBeLessThanOrEqual(after)
  }
})

test('keys and values of all lengths are set in place or moved, and nothing else changes', () => {
  const { agent, other, ids } = halfRemembered({ metadataBytes: 4096 })
  const lengths = [0, 1, 3, 4, 5, 40, 200, 41, 4, 0]
  for (const id of ids) agent.updateSession(id, 'behind', 'b')
  for (const length of lengths) {
    for (const key of ['a', 'ka', '語'.repeat(20)]) {
      const values = ids.map((_, at) => (at % 2 === 0 ? 'v' : '語').repeat(length))
      agent.updateSessions(ids, key, values)
      expect(ids.map((id) => other.getSession(id)!.metadata.get(key))).toEqual(values)
      expect(other.getSession(ids[0]!)!.metadata.get('behind')).toBe('b')
    }
  }
  expect(agent.verify()).toEqual([])
})

test.each<[string, (agent: SessionManager, id: string) => unknown]>([
  ['counted', (agent, id) => agent.incrementAccess(id)],
  ['counted in a batch', (agent, id) => agent.incrementAccesses([id])],
  ['set', (agent, id) => agent.updateSession(id, 'k', 'v')],
  ['set in a batch', (agent, id) => agent.updateSessions([id], 'k', ['v'])],
])('a session that is remembered is %s without a search', (_, act) => {
  const accesses = (asked: number): number => {
    const { sessions: other, memory } = fresh()
    const id = other.createSession('u', 'n')
    let count = 0
    const end = beforeEachAccess(() => void count++)
    try {
      const agent = new SessionManager(memory)
      for (let time = 0; time < asked; time++) agent.getSession(id)
      count = 0
      act(agent, id)
      return count
    } finally {
      end()
    }
  }
  // Only the search reads the whole id.
  expect(accesses(4)).toBeLessThanOrEqual(accesses(0) - 9)
})
