/** Random programs with loops whose search is divided, and shared with threads, are held against the oracle. */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { boundsOf } from '../../../src/explore/search/options.ts'
import { Pace } from '../../../src/explore/search/pace.ts'
import { searchInParts } from '../../../src/explore/search/parts/search-in-parts.ts'
import type { Tally } from '../../../src/explore/search/tally.ts'
import { ControlledScenario } from '../../../src/explore/subject/controlled-scenario.ts'
import { SimulatedThreads } from '../simulated-threads.ts'
import { differences } from './compare.ts'
import { programs } from './generate.ts'
import { truthOf } from './oracle.ts'
import { scenarioOf } from './scenario.ts'
import { moduleText } from './text.ts'

const bounds = boundsOf({ maxSteps: 400 })
const PROGRAMS = Number(process.env['PROGRAMS'] ?? 8)
const SEED = Number(process.env['SEED'] ?? 1)
/** Larger programs are left out: the threads look into their loops again and again. */
const MOST_STATES = 500
/** A search that takes longer is stopped. What it has found is held against the oracle all the same. */
const MS = 500

/** What the tally claims, as an exploration has it. */
function claims({ outcomes, found, complete }: Tally): Parameters<typeof differences>[0] {
  const counts = [...outcomes].map(([key, { count }]) => [key, { count, grade: 'acceptable' as const }])
  return { outcomes: Object.fromEntries(counts), failures: [...found.values()].map(({ fault }) => fault), complete }
}

test('divided and shared, a search claims nothing that is wrong', { timeout: 300_000 }, () => {
  let [complete, divided, reported] = [0, 0, 0]
  const numbers = fc.infiniteStream(fc.integer({ min: 0, max: 999 }).map((number) => number / 1000))
  const property = fc.property(programs, fc.integer({ min: 10, max: 200 }), numbers, (program, most, random) => {
    const truth = truthOf(program, MOST_STATES)
    fc.pre(truth !== undefined)
    const scenario = scenarioOf(program)
    const underControl = <Result>(work: (controlled: ControlledScenario) => Result): Result =>
      ControlledScenario.use(scenario, { ...bounds, dataRaces: false }, work)
    const helpers = new SimulatedThreads(underControl, 2, () => random.next().value)
    const tally = underControl((controlled) =>
      searchInParts(controlled, bounds, true, new Pace(performance.now(), MS, undefined), { most, helpers }),
    )
    expect(differences(claims(tally), truth), moduleText(program)).toEqual([])
    if (tally.schedules > 4) divided++
    if (tally.complete) complete++
    reported += helpers.reported
  })
  fc.assert(property, { numRuns: PROGRAMS, seed: SEED })
  expect(Math.min(complete, divided, reported)).toBeGreaterThan(PROGRAMS / 5)
})
