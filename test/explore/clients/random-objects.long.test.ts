import fc from 'fast-check'
import { expect, test } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import type { Criterion } from '../../../src/scenario.ts'
import { objects, objectScenario, smallestFailing } from './random-objects.ts'

const RUNS = Number(process.env['OBJECTS'] ?? 25)

/** Returns the number of calls of the client that fails; undefined if all clients hold, and none was left out. */
function failingCalls(result: ReturnType<typeof explore>): number | undefined {
  if (result.client === undefined) expect(result).toMatchObject({ verdict: 'pass', complete: true })
  else expect(result.failures[0]).toMatchObject({ kind: 'not-linearizable' })
  return result.client && Object.values(result.client).flat().length
}

test.each<[criterion: Criterion, threads: number, calls: number]>([
  ['linearizable', 2, 2],
  ['linearizable', 3, 1],
  ['sequential', 2, 2],
])(
  'the clients of a random object fail by %s with %i threads of %i calls where a judge of its own says so, by dpor and dfs',
  (criterion, threads, calls) => {
    const sizes = new Set<number | undefined>()
    const property = fc.property(objects, (object) => {
      const wanted = smallestFailing(object, threads, calls, criterion)
      const scenario = objectScenario(object, threads, calls)
      for (const strategy of ['dpor', 'dfs'] as const) {
        expect(failingCalls(explore(scenario, { strategy, criterion }))).toBe(wanted)
      }
      sizes.add(wanted)
    })
    fc.assert(property, { numRuns: RUNS })
    // The objects are neither all right nor all wrong.
    expect(sizes.size).toBeGreaterThan(1)
  },
  120_000 + RUNS * 1000,
)
