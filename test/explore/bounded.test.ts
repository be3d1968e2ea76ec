/** Schedules within a bound on preemptions: how many there are, and what the reduced search of them finds. */
import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import { boundsOf } from '../../src/explore/search/options.ts'
import { Pace } from '../../src/explore/search/pace.ts'
import { search } from '../../src/explore/search/search.ts'
import type { Tally } from '../../src/explore/search/tally.ts'
import { PreemptionBounded } from '../../src/explore/strategies/bounded.ts'
import { ControlledScenario } from '../../src/explore/subject/controlled-scenario.ts'
import type { Scenario } from '../../src/scenario.ts'
import { nth, over, readReleaseWrite } from './counters.ts'
import { testBounds } from './reduction.ts'

testBounds(60)

const three = over(nth(3, readReleaseWrite), { observe: (words) => Atomics.load(words, 0) })

// Known counts, with the library’s mutex.
test.each([
  [0, 6, 6],
  [1, 120, 72],
  [2, 1632, 672],
  [3, 17_706, 4596],
])(
  'with at most %i preemptions, three actors that read, release and write have %i schedules',
  (preemptions, schedules, most) => {
    const all = explore(three, { preemptions, dataRaces: false, inside: true })
    expect(all).toMatchObject({ schedules, completeUpTo: { preemptions }, schedulesUpTo: schedules, complete: false })
    const reduced = bounded(three, preemptions)
    expect(reduced.schedules).toBeLessThanOrEqual(most)
    expect([...reduced.outcomes.keys()].toSorted()).toEqual(Object.keys(all.outcomes).toSorted())
  },
)

/** While the waiter is held in its loop, the writer takes its turn without a preemption. */
const held = over(
  {
    waiter(words) {
      while (Atomics.load(words, 0) === 0 && Atomics.load(words, 1) === 0);
      return Atomics.load(words, 2)
    },
    writer(words) {
      Atomics.load(words, 3)
      Atomics.store(words, 0, 1)
      Atomics.store(words, 2, 1)
      Atomics.store(words, 1, 1)
    },
  },
  { observe: (_, { waiter }) => waiter },
)

test.each([0, 1, 2, 3])(
  'within a bound of %i, an actor that is held in a loop goes on as under brute force',
  (preemptions) => {
    const all = explore(held, { preemptions, inside: true })
    const reduced = bounded(held, preemptions)
    expect([...reduced.outcomes.keys()].toSorted()).toEqual(Object.keys(all.outcomes).toSorted())
  },
)

function bounded(scenario: Scenario, preemptions: number): Tally {
  const bounds = boundsOf({ preemptions })
  return ControlledScenario.use(scenario, { ...bounds, dataRaces: true }, (controlled) =>
    search(controlled, bounds, true, new Pace(0, Infinity, undefined), {
      make: (world) => new PreemptionBounded(world, preemptions),
    }),
  )
}
