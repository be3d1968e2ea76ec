import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import { casIncrement, lockedIncrement, nth, over, splitIncrement } from './counters.ts'

const count = (words: Int32Array): number => Atomics.load(words, 0)

test('brute force runs every interleaving of two loads and two stores', () => {
  // Four steps, two of each actor: 4! / (2! 2!) = 6. Both orders of the whole give 2; the other four lose one.
  const step = (words: Int32Array): number => Atomics.store(words, 0, Atomics.load(words, 0) + 1)
  const result = explore(over({ alice: step, bob: step }, { observe: count }), { strategy: 'dfs' })
  expect(result).toMatchObject({ verdict: 'pass', complete: true, schedules: 6 })
  expect(result.outcomes).toMatchObject({ 1: { count: 4 }, 2: { count: 2 } })
})

test('reduction runs one schedule of each class of two loads and two stores', () => {
  // Only the two loads are independent. There are two sequential orders, and two orders of the stores after both
  // loads: 4.
  const step = (words: Int32Array): number => Atomics.store(words, 0, Atomics.load(words, 0) + 1)
  const result = explore(over({ alice: step, bob: step }, { observe: count }))
  expect(result).toMatchObject({ verdict: 'pass', complete: true, schedules: 4 })
  expect(result.outcomes).toMatchObject({ 1: { count: 2 }, 2: { count: 2 } })
})

test('actors that share nothing have one schedule', () => {
  const own = (at: number) => (words: Int32Array) => [Atomics.add(words, at, 1), Atomics.add(words, at, 1)]
  expect(explore(over({ alice: own(0), bob: own(1), carol: own(2) })).schedules).toBe(1)
})

test('an increment by a compare-and-swap loop takes 498 schedules of three actors, or 60 with reduction', () => {
  const scenario = over(nth(3, casIncrement), { observe: count, outcomes: { 3: 'acceptable' } })
  expect(explore(scenario, { strategy: 'dfs' })).toMatchObject({ verdict: 'pass', complete: true, schedules: 498 })
  expect(explore(scenario)).toMatchObject({ verdict: 'pass', complete: true, schedules: 60 })
})

test('an increment by a compare-and-swap loop takes about 3,100 schedules of four actors', () => {
  const result = explore(over(nth(4, casIncrement), { observe: count, outcomes: { 4: 'acceptable' } }))
  expect(result).toMatchObject({ verdict: 'pass', complete: true, schedules: 3120 })
})

test('an increment under the three-state mutex takes at most 3,000 schedules of three actors', () => {
  const result = explore(over(nth(3, lockedIncrement), { observe: count, outcomes: { 3: 'acceptable' } }))
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
  expect(result.schedules).toBeLessThanOrEqual(3000)
})

test('read, release, write takes at most 450 schedules of two actors, where brute force takes 38,322', () => {
  const scenario = over(nth(2, splitIncrement), { observe: count })
  const reduced = explore(scenario)
  expect(reduced).toMatchObject({ verdict: 'pass', complete: true })
  expect(reduced.schedules).toBeLessThanOrEqual(450)
  const all = explore(scenario, { strategy: 'dfs' })
  expect(all).toMatchObject({ complete: true, schedules: 38_322 })
  expect(Object.keys(reduced.outcomes).toSorted()).toEqual(Object.keys(all.outcomes).toSorted())
})

test('a bound on preemptions leaves schedules out, and says so', () => {
  const scenario = over(nth(2, splitIncrement), { observe: count, outcomes: { 2: 'acceptable' } })
  const none = explore(scenario, { preemptions: 0 })
  expect(none).toMatchObject({ strategy: 'dfs', verdict: 'inconclusive', complete: false })
  expect(none.stopped).toMatch(/more than 0 preemptions/)
  expect(explore(scenario, { preemptions: 1 })).toMatchObject({ verdict: 'fail', failures: [{ preemptions: 1 }] })
})

test('a bound on schedules, steps or time gives no pass', () => {
  const scenario = over(nth(3, casIncrement), { observe: count, outcomes: { 3: 'acceptable' } })
  expect(explore(scenario, { maxSchedules: 10 })).toMatchObject({
    verdict: 'inconclusive',
    schedules: 10,
    complete: false,
  })
  expect(explore(scenario, { maxSteps: 4 })).toMatchObject({ verdict: 'inconclusive', complete: false })
  const endless = over(nth(6, casIncrement), { observe: count })
  expect(explore(endless, { timeout: 0.05 })).toMatchObject({
    verdict: 'inconclusive',
    stopped: 'gave up after 0.05 s',
  })
})

test('the same seed draws the same schedules', () => {
  const scenario = over(nth(3, splitIncrement), { observe: count })
  for (const strategy of ['random', 'pct', 'pos'] as const) {
    const [one, again, other] = [7, 7, 8].map(
      (seed) => explore(scenario, { strategy, seed, maxSchedules: 200 }).outcomes,
    )
    expect(again).toEqual(one)
    expect(other).not.toEqual(one)
  }
})
