/** The result does not depend on how often the code has run, though V8 optimises it, and then hides some of its variables. */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { exploreShallow } from '../shallow.ts'
import { OPTIONS } from './compare.ts'
import { programs } from './generate.ts'
import { scenarioOf } from './scenario.ts'
import { moduleText } from './text.ts'

const TIMES = 4
const SCHEDULES = 500

test('a program that is explored again has the same result', { timeout: 300_000 }, async () => {
  let repeated = 0
  const property = fc.asyncProperty(programs, async (program) => {
    const scenario = scenarioOf(program)
    const options = { ...OPTIONS, strategy: 'dpor', maxSchedules: SCHEDULES, timeout: 10 } as const
    const results: unknown[] = []
    for (let time = 0; time < TIMES; time++) {
      const { elapsedMs: _, ...result } = await exploreShallow(scenario, options)
      if (result.stopped?.endsWith(' s') === true) return
      results.push(result)
    }
    for (const result of results) expect(result, moduleText(program)).toEqual(results[0])
    repeated++
  })
  await fc.assert(property, { numRuns: 60, seed: 20_26 })
  expect(repeated).toBeGreaterThan(40)
})
