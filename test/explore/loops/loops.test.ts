import fc from 'fast-check'
import { expect, test } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import { carriedBy } from './carries.ts'
import { differences, OPTIONS } from './compare.ts'
import { programs, straightPrograms } from './generate.ts'
import { truthOf } from './oracle.ts'
import { scenarioOf, withImported } from './scenario.ts'
import { Statistics } from './statistics.ts'
import { moduleText } from './text.ts'

const PROGRAMS = Number(process.env['PROGRAMS'] ?? 2000)
const SEED = Number(process.env['SEED'] ?? 20_26)
/** Programs with more states are left out: there are few, and they cost more time than they add. */
const MOST_STATES = 20_000
const MINUTES = 60_000

test(
  'what is complete is all that can happen to a program with loops, and what is reported can happen',
  () => {
    const statistics = new Statistics()
    const property = fc.property(programs, (program) => {
      const truth = truthOf(program, MOST_STATES)
      fc.pre(truth !== undefined)
      const result = explore(scenarioOf(program), { ...OPTIONS, timeout: 0.5 })
      const wrong = differences(result, truth)
      statistics.note(carriedBy(program), result, wrong.length > 0)
      expect(wrong, moduleText(program)).toEqual([])
    })
    fc.assert(property, { numRuns: PROGRAMS, seed: SEED })
    expect(statistics.shareComplete('nothing'), statistics.line()).toBeGreaterThan(0.6)
  },
  5 * MINUTES,
)

test(
  'the same holds for programs that are imported from files',
  async () => {
    const property = fc.asyncProperty(programs, async (program) => {
      const truth = truthOf(program, MOST_STATES)
      fc.pre(truth !== undefined)
      const result = await withImported(program, (scenario) => explore(scenario, { ...OPTIONS, timeout: 0.5 }))
      expect(differences(result, truth), moduleText(program)).toEqual([])
    })
    await fc.assert(property, { numRuns: 100, seed: SEED })
  },
  MINUTES,
)

test(
  'programs without a loop are always complete',
  () => {
    const property = fc.property(straightPrograms, (program) => {
      const truth = truthOf(program, MOST_STATES)
      fc.pre(truth !== undefined)
      const result = explore(scenarioOf(program), OPTIONS)
      expect(differences(result, truth), moduleText(program)).toEqual([])
      expect(result.complete).toBe(true)
    })
    fc.assert(property, { numRuns: 500, seed: SEED })
  },
  MINUTES,
)
