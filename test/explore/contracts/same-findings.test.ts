import { expect, test } from 'vitest'

import { Mutex } from '../../../src/sync/mutex.ts'
import { nth, over } from '../counters.ts'
import { compareAll, explored } from './random-locks.ts'

/** The programs: those that took part in finding a fault, and some more. */
const SEEDS = [101, ...Array.from({ length: 20 }, (_, index) => index + 1)]

test('random programs with locks have the same findings whether their calls are one step or not', () => {
  expect(compareAll(SEEDS)).toBeGreaterThan(10)
})

test.each([
  [3, 90],
  [4, 2520],
])('%i actors that read, release and write under a mutex have %i schedules', (actors, schedules) => {
  const act = (words: Int32Array): void => {
    const mutex = new Mutex(words, 0)
    const read = mutex.holding(() => Atomics.load(words, 1))
    mutex.holding(() => Atomics.store(words, 1, read + 1))
  }
  const scenario = over(nth(actors, act), { observe: (words) => Atomics.load(words, 1) })
  expect(explored(scenario, false, 60)).toMatchObject({ complete: true, schedules, contracts: ['Mutex'] })
})
