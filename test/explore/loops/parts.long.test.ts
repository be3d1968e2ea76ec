/** Random programs with loops whose search is divided, and shared with threads, are held against the oracle. */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { boundsOf } from '../../../src/explore/search/options.ts'
import { Pace } from '../../../src/explore/search/pace.ts'
import { searchInParts } from '../../../src/explore/search/parts/search-in-parts.ts'
import { search } from '../../../src/explore/search/search.ts'
import type { Tally } from '../../../src/explore/search/tally.ts'
import { PreemptionBounded } from '../../../src/explore/strategies/bounded.ts'
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

/** Everything that a search has counted and found. */
function all({ outcomes, found, schedules, redundant, deepest, stopped, completeUpTo }: Tally): unknown {
  const counts = [...outcomes].map(([key, { count }]) => `${key} ${count}`).toSorted()
  return { counts, faults: [...found.keys()].toSorted(), schedules, redundant, deepest, stopped, completeUpTo }
}

/** What there is to be seen within a bound. A loop can be noticed a round earlier or later, so the numbers may differ. */
function seen({ outcomes, found }: Tally): unknown {
  return { outcomes: [...outcomes.keys()].toSorted(), faults: [...found.keys()].toSorted() }
}

test('under a bound, parts see what one search sees, and the same whatever threads do', { timeout: 300_000 }, () => {
  let [divided, reported] = [0, 0]
  const numbers = fc.infiniteStream(fc.integer({ min: 0, max: 999 }).map((number) => number / 1000))
  const bound = fc.integer({ min: 0, max: 3 })
  const property = fc.property(programs, bound, fc.integer({ min: 5, max: 100 }), numbers, (program, ...way) => {
    const [preemptions, most, random] = way
    fc.pre(truthOf(program, MOST_STATES) !== undefined)
    const scenario = scenarioOf(program)
    const within = { ...bounds, strategy: 'dfs', preemptions } as const
    const underControl = <Result>(work: (controlled: ControlledScenario) => Result): Result =>
      ControlledScenario.use(scenario, { ...within, dataRaces: false }, work)
    const pace = (): Pace => new Pace(performance.now(), 2 * MS, undefined)
    const whole = underControl((controlled) => {
      const make = (): PreemptionBounded => new PreemptionBounded(controlled.engine.world, preemptions)
      return search(controlled, within, true, pace(), { make })
    })
    const inParts = (helpers?: SimulatedThreads): Tally =>
      underControl((controlled) => searchInParts(controlled, within, true, pace(), { most, helpers }))
    const alone = inParts()
    const helpers = new SimulatedThreads(underControl, 3, () => random.next().value)
    const shared = inParts(helpers)
    fc.pre([whole, alone, shared].every(({ stopped }) => stopped?.startsWith('gave up') !== true))
    expect(seen(alone), moduleText(program)).toEqual(seen(whole))
    expect(all(shared), moduleText(program)).toEqual(all(alone))
    if (alone.schedules > 4) divided++
    reported += helpers.reported
  })
  fc.assert(property, { numRuns: 4 * PROGRAMS, seed: SEED })
  expect(Math.min(divided, reported)).toBeGreaterThan(PROGRAMS)
})
