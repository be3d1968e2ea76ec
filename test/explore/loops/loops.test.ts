import fc from 'fast-check'
import { expect, test } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import { exploreShallow } from '../shallow.ts'
import { differences, OPTIONS } from './compare.ts'
import { programs, straightPrograms } from './generate.ts'
import { truthOf } from './oracle.ts'
import { MINUTES, MOST_STATES, SECONDS, SEED } from './random.ts'
import { scenarioOf, withImported } from './scenario.ts'
import { moduleText } from './text.ts'

test(
  'what is complete is all that can happen to programs that are imported from files',
  async () => {
    const property = fc.asyncProperty(programs, async (program) => {
      const truth = truthOf(program, MOST_STATES)
      fc.pre(truth !== undefined)
      const result = await withImported(program, (scenario) =>
        exploreShallow(scenario, { ...OPTIONS, timeout: SECONDS }),
      )
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
