/** Estimates of the number of schedules, against the numbers that the reduction runs. */
import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import { estimateSchedules } from '../../src/explore/search/estimate.ts'
import { boundsOf } from '../../src/explore/search/options.ts'
import { ControlledScenario } from '../../src/explore/subject/controlled-scenario.ts'
import { nth, over, splitIncrement } from './counters.ts'
import { medianEstimate } from './estimates.ts'

test('the median of 20 estimates is within a factor of 1.5: increments of four actors', () => {
  const scenario = over(nth(4, (words) => Atomics.store(words, 0, Atomics.load(words, 0) + 1)))
  const { complete, schedules } = explore(scenario, { dataRaces: false })
  expect(complete).toBe(true)
  const median = medianEstimate(scenario)
  expect(median / schedules).toBeGreaterThan(1 / 1.5)
  expect(median / schedules).toBeLessThan(1.5)
}, 60_000)

test('an estimate that has been interrupted takes no further step, though the reason is given only once', () => {
  const scenario = over(nth(4, splitIncrement))
  ControlledScenario.use(scenario, { ...boundsOf({}), dataRaces: false }, ({ engine }) => {
    for (let after = 1; after < 200; after++) {
      let asked = 0
      estimateSchedules(engine, 1000, 1, () => ++asked === after)
      expect(asked).toBe(after)
      expect(engine.world.trace).toEqual([])
    }
  })
})
