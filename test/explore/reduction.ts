/** Random programs without loops: what reduction finds is held against brute force. */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { boundsOf } from '../../src/explore/search/options.ts'
import { Pace } from '../../src/explore/search/pace.ts'
import { search } from '../../src/explore/search/search.ts'
import type { ExploreOptions } from '../../src/explore/search/options.ts'
import type { SearchOptions } from '../../src/explore/search/search.ts'
import { PreemptionBounded } from '../../src/explore/strategies/bounded.ts'
import type { World } from '../../src/explore/model/world.ts'
import { ControlledScenario } from '../../src/explore/subject/controlled-scenario.ts'
import type { Scenario } from '../../src/scenario.ts'
import { programs, programScenario } from './random-programs.ts'

/** Programs with more schedules than this are skipped, because brute force would take too long. */
const MOST_SCHEDULES = 800

interface Seen {
  readonly complete: boolean
  /** Whether only the bound on preemptions left schedules out. */
  readonly ended: boolean
  readonly runs: number
  readonly outcomes: string[]
  readonly faults: string[]
}

function seenBy(options: ExploreOptions, scenario: Scenario, more: SearchOptions = {}): Seen {
  const bounds = boundsOf({ maxSchedules: MOST_SCHEDULES, ...options })
  return ControlledScenario.use(scenario, { ...bounds, dataRaces: true }, (controlled) => {
    const tally = search(controlled, bounds, true, new Pace(0, Infinity, undefined), more)
    return {
      complete: tally.complete,
      ended: tally.complete || tally.completeUpTo !== undefined,
      runs: tally.schedules + tally.redundant,
      outcomes: [...tally.outcomes.keys()].toSorted(),
      // `found` lists the data races of one schedule under the first of them: `races` has each of them.
      faults: [...new Set([...tally.found.keys(), ...tally.races])].toSorted(),
    }
  })
}

/** Adds the test of `programCount` random programs. Each run draws others. */
export function testReduction(programCount: number): void {
  const name = 'reduction finds what brute force finds, and never takes more schedules'
  test(name, { timeout: 120_000 + programCount * 100 }, () => {
    const property = fc.property(programs, (program) => {
      const all = seenBy({ strategy: 'dfs' }, programScenario(program))
      fc.pre(all.complete)
      const reduced = seenBy({ strategy: 'dpor' }, programScenario(program))
      expect(reduced.complete).toBe(true)
      expect(reduced.outcomes).toEqual(all.outcomes)
      expect(reduced.faults).toEqual(all.faults)
      expect(reduced.runs).toBeLessThanOrEqual(all.runs)
    })
    fc.assert(property, { numRuns: programCount })
  })
}

/** Adds the test of `programCount` random programs, each with a bound on preemptions. Each run draws others. */
export function testBounds(programCount: number): void {
  const name =
    'sleep sets under a bound on preemptions find what brute force finds under it, and never take more schedules'
  test(name, { timeout: 120_000 + programCount * 100 }, () => {
    const property = fc.property(programs, fc.integer({ min: 0, max: 4 }), (program, preemptions) => {
      const all = seenBy({ preemptions, maxSchedules: 3 * MOST_SCHEDULES }, programScenario(program))
      fc.pre(all.ended)
      const bounded = (world: World): PreemptionBounded => new PreemptionBounded(world, preemptions)
      const reduced = seenBy({ preemptions, maxSchedules: Infinity }, programScenario(program), { make: bounded })
      expect(reduced.ended).toBe(true)
      expect(reduced.complete || !all.complete).toBe(true)
      expect(reduced.outcomes).toEqual(all.outcomes)
      expect(reduced.faults).toEqual(all.faults)
      expect(reduced.runs).toBeLessThanOrEqual(all.runs)
    })
    fc.assert(property, { numRuns: programCount })
  })
}
