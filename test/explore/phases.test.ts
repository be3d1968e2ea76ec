/** What follows where the reduction does not end in time. */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import { estimateSchedules } from '../../src/explore/search/estimate.ts'
import { boundsOf } from '../../src/explore/search/options.ts'
import { Pace } from '../../src/explore/search/pace.ts'
import { isHopeless } from '../../src/explore/search/phases.ts'
import { search } from '../../src/explore/search/search.ts'
import type { SearchOptions } from '../../src/explore/search/search.ts'
import type { Tally } from '../../src/explore/search/tally.ts'
import { ControlledScenario } from '../../src/explore/subject/controlled-scenario.ts'
import type { Scenario } from '../../src/scenario.ts'
import { nth, over, readReleaseWrite, splitIncrement } from './counters.ts'
import { programs, programScenario } from './random-programs.ts'

const large = over(nth(4, splitIncrement), { observe: (words) => Atomics.load(words, 0) })

test('a search that does not end says up to how many preemptions it is complete, and about how many schedules there are', () => {
  const exploration = explore(over(nth(3, readReleaseWrite)), { timeout: 12, dataRaces: false, inside: true })
  expect(exploration).toMatchObject({ verdict: 'inconclusive', complete: false, failures: [] })
  expect(exploration.completeUpTo?.preemptions).toBeGreaterThanOrEqual(0)
  expect(exploration.schedulesUpTo).toBeGreaterThan(0)
  // There are 550,101,240. How good the estimate is depends on the time.
  expect(exploration.estimate).toBeGreaterThan(exploration.schedules)
})

test('it can be interrupted at any time, also while it estimates', () => {
  for (const after of [0.3, 0.6, 1.2]) {
    let interrupted = false
    const began = performance.now()
    const onProgress = (): string | undefined => {
      if (interrupted || performance.now() - began < after * 1000) return undefined
      interrupted = true
      return 'enough'
    }
    expect(explore(large, { timeout: 4, dataRaces: false, onProgress })).toMatchObject({
      verdict: 'inconclusive',
      stopped: 'enough',
    })
  }
})

test('a search that ends says neither', () => {
  const exploration = explore(over(nth(2, splitIncrement)), { dataRaces: false })
  expect(exploration).toMatchObject({ verdict: 'pass', complete: true, completeUpTo: null, estimate: null })
  expect(exploration).not.toHaveProperty('schedulesUpTo')
})

test('a failure that needs one preemption at the beginning is found, though the reduction first varies the end', () => {
  const actors = nth(4, splitIncrement)
  const early = over({
    reader(words) {
      const seen = Atomics.load(words, 2)
      if (Atomics.load(words, 2) !== seen) throw new Error('it has changed')
      splitIncrement(words)
    },
    ...actors,
    writer: (words) => Atomics.store(words, 2, 1),
  })
  const exploration = explore(early, { timeout: 20, dataRaces: false })
  expect(exploration).toMatchObject({ verdict: 'fail', failures: [{ kind: 'exception', preemptions: 1 }] })
})

test('a caller who chooses a strategy, or a number of schedules, gets that and nothing else', () => {
  expect(explore(large, { strategy: 'dpor', timeout: 0.5 })).toMatchObject({ completeUpTo: null, estimate: null })
  expect(explore(large, { maxSchedules: 100 })).toMatchObject({ schedules: 100, completeUpTo: null, estimate: null })
})

// The look ahead takes other schedules, and then the steps of the present one once more.
test('the reduction goes on after a look ahead as if there had been none', () => {
  const property = fc.property(programs, (program) => {
    const plain = reduced(programScenario(program), {})
    const interrupted = reduced(programScenario(program), {
      midway: (controlled) => ({
        isDue: true,
        look: () => estimateSchedules(controlled.engine, 3, 1) !== 0,
      }),
    })
    expect(interrupted).toEqual(plain)
  })
  fc.assert(property, { numRuns: 30 })
}, 120_000)

type Midway = NonNullable<SearchOptions['midway']>

function reduced(scenario: Scenario, { midway }: { midway?: (controlled: ControlledScenario) => Midway }): unknown {
  const bounds = boundsOf({ maxSchedules: 2000 })
  return ControlledScenario.use(scenario, { ...bounds, dataRaces: true }, (controlled) => {
    const more = midway === undefined ? {} : { midway: midway(controlled) }
    return seen(search(controlled, bounds, true, new Pace(0, Infinity, undefined), more))
  })
}

function seen({ complete, schedules, redundant, outcomes, found, races }: Tally): unknown {
  return { complete, schedules, redundant, outcomes: [...outcomes], found: [...found.keys()], races: [...races] }
}

test('a search goes on if it will end in time, or as long as its estimates are not too small again and again', () => {
  const seen = { schedules: 1000, elapsed: 10, left: 30 }
  const isLost = (estimate: number | undefined, isLast: boolean): boolean => isHopeless({ ...seen, estimate, isLast })
  for (const isLast of [false, true]) {
    expect(isLost(3000, isLast)).toBe(false)
    expect(isLost(5000, isLast)).toBe(true)
    expect(isLost(undefined, isLast)).toBe(true)
    expect(isLost(900, isLast)).toBe(isLast)
  }
})
