import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import '../../src/vitest/index.ts'
import { Barrier } from '../../src/sync/barrier.ts'
import { Condition } from '../../src/sync/condition.ts'
import { Mutex } from '../../src/sync/mutex.ts'
import { RwLock } from '../../src/sync/rw-lock.ts'
import { Semaphore } from '../../src/sync/semaphore.ts'
import { StartGate } from '../../src/sync/start-gate.ts'
import {
  abandonedScenarios,
  barrierScenario,
  conditionScenario,
  gateScenario,
  mutexScenario,
  readersScenario,
  semaphoreScenario,
  withdrawalScenario,
  writersScenario,
} from './primitives.ts'

const real = { Barrier, Condition, Mutex, RwLock, Semaphore, StartGate }

test.each([
  ['mutex, 2', mutexScenario(real, 2)],
  ['mutex, 3', mutexScenario(real, 3)],
  ['read-write lock, 2 writers', writersScenario(real, 2)],
  ['read-write lock, a writer and a reader', readersScenario(real, 1)],
  ['condition, a consumer', conditionScenario(real, 1)],
  ['semaphore, 2 for a permit', semaphoreScenario(real, 2)],
  ['semaphore, 3 for 2 permits', semaphoreScenario(real, 3, 2)],
  ['barrier, 2 parties', barrierScenario(real, 2)],
  ['barrier, 2 parties twice', barrierScenario(real, 2, 2)],
  ['barrier, 3 parties', barrierScenario(real, 3)],
  ['start gate, 2 parties', gateScenario(real, 2)],
  ['start gate, 2 parties that do not wait', withdrawalScenario(real)],
])('holds in every schedule, complete: %s', async (_, scenario) => {
  await expect(scenario).toHoldInEverySchedule({ inside: true })
})

test.each([
  ['read-write lock, 3 writers', writersScenario(real, 3)],
  ['read-write lock, a writer and 2 readers', readersScenario(real, 2)],
  ['condition, 2 consumers', conditionScenario(real, 2)],
  ['semaphore, 3 for a permit', semaphoreScenario(real, 3)],
])('holds with at most two preemptions: %s', (_, scenario) => {
  const result = explore(scenario, { preemptions: 2, inside: true })
  expect(result.failures).toEqual([])
  expect(result.stopped).toBe('no schedule with more than 2 preemptions was tried')
})

test.each(abandonedScenarios(real))(
  'a thread that waits for what never comes sleeps, and does not spin: %s',
  async (_, scenario) => {
    await expect(scenario).toFailInSomeSchedule('deadlock')
    await expect(scenario).not.toFailInSomeSchedule('livelock')
  },
)
