import fc from 'fast-check'
import { expect, test } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import { differences, OPTIONS } from './compare.ts'
import { straightPrograms } from './generate.ts'
import { truthOf } from './oracle.ts'
import { MINUTES, MOST_STATES, SEED, testImportedPrograms } from './random.ts'
import { scenarioOf } from './scenario.ts'
import { moduleText } from './text.ts'

testImportedPrograms(25)

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
    fc.assert(property, { numRuns: 200, seed: SEED })
  },
  MINUTES,
)
