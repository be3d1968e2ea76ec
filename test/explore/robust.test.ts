import { expect, test } from 'vitest'

import type { Scenario } from '../../src/scenario.ts'
import '../../src/vitest/index.ts'
import { NotRecoverableError } from '../../src/sync/errors.ts'
import { RobustMutex } from '../../src/sync/robust-mutex.ts'
import { RobustRwLock } from '../../src/sync/robust-rw-lock.ts'
import { afterEachDeath } from './robust-deaths.ts'
import {
  crashScenario,
  deathScenario,
  heirsScenario,
  locking,
  lossScenario,
  reading,
  trying,
  twoMutexRecoveries,
  twoRecoveries,
  writing,
} from './robust.ts'

const robust = { RobustMutex, RobustRwLock, NotRecoverableError }
const lock = locking(robust)
const attempt = trying(robust)
const read = reading(robust)
const write = writing(robust)

test.each([
  ['a mutex, and another locks', lock, [lock]],
  ['a mutex, and another tries to lock', lock, [attempt]],
  ['an attempt to lock a mutex, and another locks', attempt, [lock]],
  ['reading, and another writes', read, [write]],
  ['reading, and another reads', read, [read]],
  ['writing, and another writes', write, [write]],
])('wherever an actor dies, the others go on and know of it, complete: %s', (_, doomed, others) => {
  // An attempt alone takes three: lock, the step between the words, unlock.
  expect(afterEachDeath((step) => deathScenario(robust, step, doomed, others))).toBeGreaterThanOrEqual(3)
})

test('wherever an actor dies that gives the data up, the others learn of it, complete', () => {
  expect(afterEachDeath((step) => lossScenario(robust, 2, step))).toBeGreaterThan(5)
})

test.each([
  ['a mutex', lock, lock],
  ['a reader', read, write],
])('wherever the recovery dies as well, the next one completes it, complete: %s', (_, doomed, other) => {
  // The doomed actor dies inside, where the other may be asleep.
  const inside = doomed === lock ? 1 : 6
  const recovery = (step: number): Scenario => {
    const scenario = deathScenario(robust, inside, doomed, [other], step)
    return { ...scenario, observe: (_, results) => (results['doomedRecoverer'] === true ? 'died' : 'lived') }
  }
  expect(afterEachDeath(recovery)).toBeGreaterThanOrEqual(3)
})

test.each([
  ['two lock a mutex', [lock, lock]],
  ['one locks a mutex, and one tries to', [lock, attempt]],
  ['two read', [read, read]],
  ['one reads, and one writes', [read, write]],
  ['two write', [write, write]],
])('with a crash of any actor at any step, it holds in every schedule, complete: %s', async (_, ways) => {
  await expect(crashScenario(robust, ways)).toHoldInEverySchedule()
})

test.each([
  ['two recoveries of the owner of a mutex', twoMutexRecoveries(robust)],
  ['two recoveries of a reader', twoRecoveries(robust)],
  ['data that are lost, 2 actors', lossScenario(robust, 2)],
  ['data that are lost, 3 actors', lossScenario(robust, 3)],
  ['data that are lost, and their last owner dies before it wakes the others', lossScenario(robust, 3, 6)],
  ['two come after a death', heirsScenario([lock, lock], 1)],
  ['one comes and one tries after a death', heirsScenario([attempt, lock], 1)],
  ['a reader and a writer come after the death of an agent that was not inside', heirsScenario([read, write], 0)],
])('holds in every schedule, complete: %s', async (_, scenario) => {
  await expect(scenario).toHoldInEverySchedule()
})
