import { expect, test } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import type { OperationsScenario } from '../../../src/scenario.ts'
import {
  brokenIncrement,
  cleaningOperations,
  creations,
  firstPair,
  knownSession,
  pairOperations,
  refusedCreation,
  sessionOperations,
  sharedRound,
  twoChanges,
} from './session-manager.ts'
import { largeStore, wholeStore } from './whole-store.ts'

// Nine calls: 9 clients of one, and (9 * 10) / 2 of two threads.
test('the session manager holds in every client of one call a thread', () => {
  const result = explore(sessionOperations(), { timeout: 200 })
  expect(result).toMatchObject({ verdict: 'pass', complete: true, clients: 9 + 45 })
}, 240_000)

// Two operations on two ids: 4 clients of one, and (4 * 5) / 2 of two threads.
test('two sessions of one home hold in every client of one call a thread', () => {
  const result = explore(pairOperations(), { timeout: 200 })
  expect(result).toMatchObject({ verdict: 'pass', complete: true, clients: 4 + 10 })
}, 240_000)

test('the variant of the lab that loses increments fails in the smallest client', () => {
  const { operations, ...rest } = sessionOperations(['increment', 'delete'])
  const broken: OperationsScenario<SharedArrayBuffer> = {
    ...rest,
    operations: { ...operations, increment: brokenIncrement },
  }
  expect(explore(broken)).toMatchObject({
    client: { alice: ['increment()'], bob: ['increment()'] },
    failures: [{ kind: 'not-linearizable', outcome: 'alice: increment() = 1; bob: increment() = 1' }],
  })
}, 60_000)

// One thread: each client is one sequence of calls, and none is left out.
test.each([
  ['two calls of any operation', { calls: 2 }, 2652],
  ['a call of any operation on a full store', { calls: 1, before: 2 }, 51],
  ['creations and deletions', { calls: 3, names: ['create', 'delete', 'clean', 'clean one', 'stats'], before: 2 }, 819],
  [
    'a session that expires, and whose row stays',
    {
      calls: 4,
      names: ['create while rows stay', 'expire', 'clean while rows stay', 'give up while rows stay', 'stats'],
      ids: 1,
      before: 1,
    },
    780,
  ],
] as const)(
  'the whole store does what a plain reference does: %s',
  (_, part, clients) => {
    expect(explore(wholeStore(part), { timeout: 100 })).toMatchObject({ verdict: 'pass', complete: true, clients })
  },
  120_000,
)

test('two clean-ups clean two sessions, and count both', () => {
  expect(explore(cleaningOperations())).toMatchObject({ verdict: 'pass', complete: true, clients: 2 })
})

test('two clean-ups that each look at two of three slots clean two sessions', () => {
  expect(explore(sharedRound())).toMatchObject({ verdict: 'pass', complete: true, clients: 2 })
})

test('a store without a near cache does what a plain reference does', () => {
  expect(explore(largeStore())).toMatchObject({ verdict: 'pass', complete: true, clients: 3 })
})

test('of two changes that do not overwrite each other, none is lost', () => {
  expect(explore(twoChanges(), { timeout: 200 })).toMatchObject({ verdict: 'pass', complete: true, clients: 4 + 6 })
}, 240_000)

test('of two accesses, one of a session that the near cache knows, none is lost', () => {
  expect(explore(knownSession(), { timeout: 200 })).toMatchObject({ verdict: 'pass', complete: true, clients: 3 })
}, 240_000)

test('no session is seen beside a creation whose row is refused', () => {
  expect(explore(refusedCreation())).toMatchObject({ verdict: 'pass', complete: true })
})

test('of two creations of one id, one with a row, one creates the session', () => {
  expect(explore(creations(), { timeout: 200 })).toMatchObject({ verdict: 'pass', complete: true, clients: 3 })
}, 240_000)

test('the first two sessions of one home are both found', () => {
  expect(explore(firstPair(), { timeout: 200 })).toMatchObject({ verdict: 'pass', complete: true, clients: 2 + 3 })
}, 240_000)
