/** Estimates of the number of schedules, against the numbers that the reduction runs. */
import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import { nth, over } from './counters.ts'
import { medianEstimate } from './estimates.ts'

test('the median of 20 estimates is within a factor of 1.5: increments of four actors', () => {
  const scenario = over(nth(4, (words) => Atomics.store(words, 0, Atomics.load(words, 0) + 1)))
  const { complete, schedules } = explore(scenario, { dataRaces: false })
  expect(complete).toBe(true)
  const median = medianEstimate(scenario)
  expect(median / schedules).toBeGreaterThan(1 / 1.5)
  expect(median / schedules).toBeLessThan(1.5)
}, 60_000)
