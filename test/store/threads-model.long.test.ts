/**
 * Random programs on four real threads at once, checked against the sequential model of one session: what the threads saw of each
 * id must be linearizable. Sessions are independent of each other, so each id has a history of its own.
 */
import { fc, test as property } from '@fast-check/vitest'
import { afterAll, expect, test } from 'vitest'
import { SessionManager } from '../../src/store/manager.ts'
import type { Stats } from '../../src/store/manager.ts'
import { allocateSessionStore } from '../../src/store/allocate.ts'
import { freshWords } from '../threads.ts'
import { cleanedBy, historyOf, tableOf } from './histories.ts'
import { isLinearizable } from './linearizable.ts'
import type { Specification } from './linearizable.ts'
import { oneSession } from './one-session.ts'
import type { Live, State, Step } from './one-session.ts'
import { programs } from './programs.ts'
import { EXISTS, memoryThreads, resultOf } from './stores.ts'
import { recorder } from './threads-model.jobs.ts'
import type { Done, Jobs, Operation, Place } from './threads-model.jobs.ts'

const METADATA_BYTES = 160
const model = oneSession(METADATA_BYTES)

const { run, end } = memoryThreads<Jobs>(new URL('threads-model.jobs.ts', import.meta.url))
afterAll(end)

function freshPlace(capacity: number, hasDatabase = false): Place {
  const memory = allocateSessionStore({ capacity, metadataBytes: METADATA_BYTES })
  return { memory, clock: freshWords(1), hasDatabase }
}

property.prop([programs, fc.boolean(), fc.nat(), fc.constantFrom(8, 32, 128)], { numRuns: 500, endOnFailure: true })(
  'whatever four threads do at once, the results for each session are those of operations done one after the other',
  async ({ ids, opened, programs }, hasDatabase, seed, oneIn) => {
    // A creation reserves capacity even while it finds that the id is taken. The capacity is large enough that no creation finds the
    // store full.
    const place = freshPlace(ids.length + programs.length, hasDatabase)
    const record = recorder(place)
    const first = opened.map((id) => record({ do: 'create', id, user: 'first', metadata: [] }))
    const done = await run('perform', programs.length, { ...place, programs, seed, oneIn })
    const last = ids.map((id) => record({ do: 'get', id }))
    const threads = [...done, [...first, ...last]]
    for (const id of ids) {
      const history = historyOf(id, threads)
      if (!isLinearizable(model, history)) expect.fail(`Not linearizable:\n${tableOf(history)}`)
    }
    checkCounts(threads.flat(), ids.length)
    checkEnd(place, threads.flat(), new Map(ids.map((id, at) => [id, last[at]!.result as Live | undefined])))
  },
)

/** Checks counts that were taken while other threads were active. A pass may count a session again if it is created meanwhile. */
function checkCounts(all: readonly Done[], ids: number): void {
  for (const { operation, result, called, returned } of all) {
    if (operation.do !== 'count') continue
    const { activeSessions, cleanupQueueSize, cleanedUp } = result as Stats
    const begun = all.filter((other) => other.called < returned)
    const ended = all.filter((other) => other.returned < called)
    const created = begun.filter((other) => other.operation.do === 'create' && !ended.includes(other))
    expect(activeSessions + cleanupQueueSize).toBeLessThanOrEqual(ids + created.length)
    expect(cleanedUp).toBeGreaterThanOrEqual(sum(ended.map(cleanedBy)))
    expect(cleanedUp).toBeLessThanOrEqual(sum(begun.map(cleanedBy)))
  }
}

/**
 * Checks the store after all threads have ended: the counts match the operations, and after a clean-up only live sessions have taken
 * their ids.
 */
function checkEnd({ memory }: Place, all: readonly Done[], sessions: ReadonlyMap<string, Live | undefined>): void {
  const manager = new SessionManager(memory)
  expect(manager.verify()).toEqual([])
  const live = [...sessions.keys()].filter((id) => sessions.get(id) !== undefined)
  const deleted = all.filter(({ operation, result }) => operation.do === 'delete' && result === true).length
  const cleaned = sum(all.map(cleanedBy))
  const counts = { activeSessions: live.length, cleanupQueueSize: deleted - cleaned, cleanedUp: cleaned }
  expect(manager.getStats()).toMatchObject({ ...counts, deadLetters: 0, failedCleanups: 0 })
  expect(manager.getIds().sort()).toEqual(live.sort())
  expect(manager.runCleanup()).toEqual({ cleaned: deleted - cleaned, failed: 0, deadLetters: 0 })
  for (const id of sessions.keys())
    expect(resultOf(() => manager.createSession('u', 'n', { id }))).toBe(live.includes(id) ? EXISTS : id)
  expect(manager.verify()).toEqual([])
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

test('a history with a lost increment is refused', async () => {
  const place = freshPlace(1)
  const created = recorder(place)({ do: 'create', id: 'a', user: 'u', metadata: [] })
  const done = await run('incrementTogether', 4, { ...place, met: freshWords(1) })
  // All threads have read 0 before any of them writes.
  expect(done.flat().map(({ result }) => result)).toEqual([1, 1, 1, 1])
  expect(isLinearizable(model, historyOf('a', [...done, [created]]))).toBe(false)
})

/** Models that are wrong in the state that one step leaves. */
const mutants: Record<string, (step: Step, state: State) => State> = {
  'an update counts no access': ({ do: what }, state) =>
    what === 'update' ? { ...(state as Live), accessCount: 0 } : state,
  'a touch makes a new version': ({ do: what }, state) =>
    what === 'touch' ? { ...(state as Live), version: 3 } : state,
  'a deleted id is free at once': (_, state) => (state === 'DELETED' ? 'FREE' : state),
}

const life: readonly Operation[] = [
  { do: 'create', id: 'a', user: 'u', metadata: [] },
  { do: 'update', id: 'a', key: 'k', value: 'v' },
  { do: 'touch', id: 'a', hours: 1 },
  { do: 'increment', id: 'a' },
  { do: 'get', id: 'a' },
  { do: 'delete', id: 'a' },
  { do: 'create', id: 'a', user: 'again', metadata: [] },
]

test.each(Object.keys(mutants))('a real history is refused by a model in which %s', (name) => {
  const history = historyOf('a', [life.map(recorder(freshPlace(1)))])
  const mutant: Specification<State, Step> = {
    ...model,
    outcomes: (state, step) =>
      model.outcomes(state, step).map(({ result, state: left }) => ({ result, state: mutants[name]!(step, left) })),
  }
  expect(isLinearizable(model, history)).toBe(true)
  expect(isLinearizable(mutant, history)).toBe(false)
})
