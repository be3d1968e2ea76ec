/** Estimates with many seeds. */
import { estimateSchedules } from '../../src/explore/search/estimate.ts'
import { boundsOf } from '../../src/explore/search/options.ts'
import { ControlledScenario } from '../../src/explore/subject/controlled-scenario.ts'
import type { Scenario } from '../../src/scenario.ts'

const SEEDS = 20
const WALKS = 1000

/** Returns the median of the estimates with `SEEDS` seeds, each from `WALKS` walks. */
export function medianEstimate(scenario: Scenario): number {
  const estimates = Array.from({ length: SEEDS }, (_, seed) =>
    ControlledScenario.use(scenario, { ...boundsOf({}), dataRaces: false }, ({ engine }) =>
      estimateSchedules(engine, WALKS, seed + 1),
    ),
  )
  const sorted = estimates.map((estimate) => estimate ?? 0).toSorted((one, other) => one - other)
  return (sorted[SEEDS / 2 - 1]! + sorted[SEEDS / 2]!) / 2
}
