import { expect } from 'vitest'
import { explore } from '../../src/explore/index.ts'
import type { Scenario } from '../../src/scenario.ts'

/**
 * Explores every schedule of the scenarios of a death before each step, up to the first at which no schedule comes any more. Returns how
 * many steps there are. `timeout`: for each, in seconds.
 */
export function afterEachDeath(scenario: (step: number) => Scenario, timeout = 60): number {
  for (let step = 0; ; step++) {
    const { verdict, complete, outcomes, failures } = explore(scenario(step), { timeout })
    expect({ step, verdict, complete, failures }).toEqual({ step, verdict: 'pass', complete: true, failures: [] })
    if (outcomes['died'] === undefined) return step
  }
}
