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

/** Actors that take two mutexes in both orders, one after it has looked whether the second is free. */
const TAKERS = [
  (one: Mutex, other: Mutex) => {
    if (other.tryLock()) other.unlock()
    one.holding(() => other.holding(() => {}))
  },
  (one: Mutex, other: Mutex) => other.holding(() => one.holding(() => {})),
  (one: Mutex, other: Mutex) => {
    one.holding(() => {})
    one.holding(() => other.holding(() => {}))
  },
]

// A call may still wait where a schedule is given up, because what others would do is covered elsewhere.
test.each(['012', '021', '102', '120', '201', '210'])(
  'how many schedules there are does not depend on the order of the actors: %s',
  (order) => {
    const actors: Record<string, (words: Int32Array) => void> = {}
    for (const index of order)
      actors[`taker${index}`] = (words) => TAKERS[Number(index)]!(new Mutex(words, 0), new Mutex(words, 1))
    const scenario = over(actors, { observe: () => 0 })
    expect(explored(scenario, false, 60)).toMatchObject({ schedules: 44, complete: true, contracts: ['Mutex'] })
  },
)
