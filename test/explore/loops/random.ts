/**
 * Tests over random programs with loops. Each test file explores a range of its own, so that vitest uses all cores.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { exploreShallow } from '../shallow.ts'
import { carriedBy } from './carries.ts'
import { differences, OPTIONS } from './compare.ts'
import { programs } from './generate.ts'
import { truthOf } from './oracle.ts'
import { scenarioOf, withImported } from './scenario.ts'
import { Statistics } from './statistics.ts'
import { moduleText } from './text.ts'

/** The ranges, one a test file. */
const RANGES = 4
/** In all ranges together. */
const PROGRAMS = Number(process.env['PROGRAMS'] ?? 2000)
export const SEED = Number(process.env['SEED'] ?? 20_26)
/** The few programs with more states are left out: they cost more than they show. */
export const MOST_STATES = 20_000
/**
 * For one program. Nine in ten need a fifth of it. The rest are given up, whatever the time: each look into a loop that
 * carries something takes half a millisecond. What was explored of them is still held against the oracle.
 */
const SECONDS = 0.1
export const MINUTES = 60_000

/** Adds the test of one range of random programs. `range` counts from 1, `share` is the part of all programs in it. */
export function testPrograms(range: number, share: number): void {
  const name = `programs with loops, range ${range} of ${RANGES}: what is complete is all that can happen, and what is reported can happen`
  test(
    name,
    async () => {
      const statistics = new Statistics()
      const property = fc.asyncProperty(programs, async (program) => {
        const truth = truthOf(program, MOST_STATES)
        fc.pre(truth !== undefined)
        const result = await exploreShallow(scenarioOf(program), { ...OPTIONS, timeout: SECONDS })
        const wrong = differences(result, truth)
        statistics.note(carriedBy(program), result, wrong.length > 0)
        expect(wrong, moduleText(program)).toEqual([])
      })
      await fc.assert(property, { numRuns: PROGRAMS * share, seed: SEED + range })
      expect(statistics.shareComplete('nothing'), statistics.line()).toBeGreaterThan(0.6)
    },
    5 * MINUTES,
  )
}

/** Adds the test of random programs each of which is a file of its own. */
export function testImportedPrograms(programCount: number): void {
  const name = 'what is complete is all that can happen to programs that are imported from files'
  test(name, { timeout: MINUTES }, async () => {
    const property = fc.asyncProperty(programs, async (program) => {
      const truth = truthOf(program, MOST_STATES)
      fc.pre(truth !== undefined)
      const result = await withImported(program, (scenario) =>
        exploreShallow(scenario, { ...OPTIONS, timeout: SECONDS }),
      )
      expect(differences(result, truth), moduleText(program)).toEqual([])
    })
    await fc.assert(property, { numRuns: programCount, seed: SEED + programCount })
  })
}
