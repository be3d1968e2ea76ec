/** Random programs without loops: what reduction finds is held against brute force. */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { boundsOf } from '../../src/explore/search/options.ts'
import { Pace } from '../../src/explore/search/pace.ts'
import { search } from '../../src/explore/search/search.ts'
import type { StrategyName } from '../../src/explore/strategies/strategy.ts'
import { ControlledScenario } from '../../src/explore/subject/controlled-scenario.ts'
import type { Scenario } from '../../src/scenario.ts'
import { programs, programScenario } from './random-programs.ts'

/** Programs with more schedules than this are skipped, because brute force would take too long. */
const MOST_SCHEDULES = 800

interface Seen {
  readonly complete: boolean
  readonly runs: number
  readonly outcomes: string[]
  readonly faults: string[]
}

function seenBy(strategy: StrategyName, scenario: Scenario): Seen {
  const bounds = boundsOf({ strategy, maxSchedules: MOST_SCHEDULES })
  return ControlledScenario.use(scenario, { ...bounds, dataRaces: true }, (controlled) => {
    const tally = search(controlled, bounds, true, new Pace(0, Infinity, undefined))
    return {
      complete: tally.complete,
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
      const all = seenBy('dfs', programScenario(program))
      fc.pre(all.complete)
      const reduced = seenBy('dpor', programScenario(program))
      expect(reduced.complete).toBe(true)
      expect(reduced.outcomes).toEqual(all.outcomes)
      expect(reduced.faults).toEqual(all.faults)
      expect(reduced.runs).toBeLessThanOrEqual(all.runs)
    })
    fc.assert(property, { numRuns: programCount })
  })
}
