import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import '../../src/vitest/index.ts'
import { NotRecoverableError } from '../../src/sync/errors.ts'
import { RobustMutex } from '../../src/sync/robust-mutex.ts'
import { RobustRwLock } from '../../src/sync/robust-rw-lock.ts'
import { afterEachDeath } from './robust-deaths.ts'
import { deathScenario, heirsScenario, locking, reading, writing } from './robust.ts'

const robust = { RobustMutex, RobustRwLock, NotRecoverableError }
const lock = locking(robust)
const read = reading(robust)
const write = writing(robust)

test(
  'wherever an actor dies, the other goes on and knows of it, complete: writing, and another reads',
  { timeout: 300_000 },
  () => {
    expect(afterEachDeath((step) => deathScenario(robust, step, write, [read]))).toBeGreaterThan(8)
  },
)

test('wherever an actor dies, two others go on and know of it, complete: a mutex', { timeout: 900_000 }, () => {
  expect(afterEachDeath((step) => deathScenario(robust, step, lock, [lock, lock]), 200)).toBeGreaterThan(8)
})

test('holds in every schedule, complete: three come after a death', { timeout: 300_000 }, async () => {
  await expect(heirsScenario([lock, lock, lock], 1)).toHoldInEverySchedule({ timeout: 280 })
})

test.each([
  ['reading, and others read and write', read, [read, write]],
  ['writing, and others read and write', write, [read, write]],
])('holds with at most one preemption wherever an actor dies: %s', { timeout: 300_000 }, (_, doomed, others) => {
  for (let step = 0; ; step++) {
    const { failures, stopped, outcomes } = explore(deathScenario(robust, step, doomed, others), { preemptions: 1 })
    expect({ step, failures }).toEqual({ step, failures: [] })
    expect(stopped ?? 'no schedule with more than 1 preemption was tried').toBe(
      'no schedule with more than 1 preemption was tried',
    )
    if (outcomes['died'] === undefined) break
  }
})
