import { expect, test } from 'vitest'

import { casIncrement, nth, over, readReleaseWrite } from './counters.ts'
import { medianEstimate } from './estimates.ts'

// The first two are the numbers of schedules that the reduction runs. Three actors that read, release and write have 550,101,240
// equivalence classes, counted by a search over states.
test.each([
  ['compare-and-swap loops of four actors', over(nth(4, casIncrement)), 3120],
  ['two actors that read, release and write', over(nth(2, readReleaseWrite)), 470],
  ['three actors that read, release and write', over(nth(3, readReleaseWrite)), 550_101_240],
])(
  'the median of 20 estimates is within a factor of 1.5: %s',
  (_, scenario, schedules) => {
    const median = medianEstimate(scenario)
    expect(median / schedules).toBeGreaterThan(1 / 1.5)
    expect(median / schedules).toBeLessThan(1.5)
  },
  240_000,
)
