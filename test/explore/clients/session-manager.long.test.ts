import { expect, test } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import type { OperationsScenario } from '../../../src/scenario.ts'
import { brokenIncrement, pairOperations, sessionOperations } from './session-manager.ts'

const OPERATIONS = ['create', 'get', 'increment', 'update', 'touch', 'delete', 'clean']

// Seven calls: 7 clients of one, and (7 * 8) / 2 of two threads.
test('the session manager holds in every client of one call a thread', () => {
  const result = explore(sessionOperations(OPERATIONS), { timeout: 200 })
  expect(result).toMatchObject({ verdict: 'pass', complete: true, clients: 7 + 28 })
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
