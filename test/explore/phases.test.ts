/** What follows where the reduction does not end in time. */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import { estimateSchedules } from '../../src/explore/search/estimate.ts'
import { boundsOf } from '../../src/explore/search/options.ts'
import { Pace } from '../../src/explore/search/pace.ts'
import { Outlook } from '../../src/explore/search/phases.ts'
import { search } from '../../src/explore/search/search.ts'
import type { SearchOptions } from '../../src/explore/search/search.ts'
import { emptyTally } from '../../src/explore/search/tally.ts'
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

/** An outlook on a search of 100 seconds, of which the reduction has 75, with the estimates of its looks. */
function outlookWith(...estimates: (number | undefined)[]) {
  const time = { elapsed: 0, stop: () => undefined }
  const part = { ...time, span: (share: number) => share * 75 }
  const whole = { ...time, span: (share: number) => share * 100 }
  const seeds: number[] = []
  const outlook = new Outlook((seed) => (seeds.push(seed), estimates[seed]), part, whole)
  const seen = (schedules: number): Tally => ({ ...emptyTally(), schedules })
  const at = (elapsed: number): Outlook => {
    part.elapsed = whole.elapsed = elapsed
    return outlook
  }
  return { at, seen, seeds }
}

test.each([
  [3000, true],
  [8000, false],
  // No walk has come to an end: nothing is known.
  [undefined, true],
])('after 10 s and 1000 schedules, an estimate of %j says that a search of 75 s goes on: %j', (estimate, goesOn) => {
  const { at, seen } = outlookWith(estimate)
  expect(at(10).look(seen(1000))).toBe(goesOn)
  expect(at(10).isHopeless).toBe(!goesOn)
  expect(at(10).estimateBeyond(seen(2000))).toBe(estimate)
})

test('an outlook is due early, and twice more', () => {
  const { at, seen } = outlookWith(3000)
  expect([6, 8].map((elapsed) => at(elapsed).isDue)).toEqual([false, true])
  at(8).look(seen(1000))
  expect([10, 17].map((elapsed) => at(elapsed).isDue)).toEqual([false, true])
  at(17).look(seen(1500))
  expect([20, 26].map((elapsed) => at(elapsed).isDue)).toEqual([false, true])
  at(26).look(seen(2000))
  expect(at(70).isDue).toBe(false)
})

test('later it estimates, from other walks, only if the search has seen more than the estimate', () => {
  const right = outlookWith(3000, 9000)
  right.at(8).look(right.seen(1000))
  expect(right.at(17).look(right.seen(2900))).toBe(true)
  expect(right.seeds).toEqual([0])
  const wrong = outlookWith(3000, 9000)
  wrong.at(8).look(wrong.seen(1000))
  expect(wrong.at(17).look(wrong.seen(4000))).toBe(true)
  expect(wrong.seeds).toEqual([0, 1])
  expect(wrong.at(17).estimateBeyond(wrong.seen(4000))).toBe(9000)
})

test.each([3000, undefined])(
  'a search that has seen more than all its estimates is hopeless, and has no estimate',
  (estimate) => {
    const { at, seen } = outlookWith(900, 1900, estimate)
    for (const [elapsed, schedules] of [
      [8, 1000],
      [17, 2000],
    ] as const) {
      expect(at(elapsed).look(seen(schedules))).toBe(true)
      expect(at(elapsed).estimateBeyond(seen(schedules))).toBeUndefined()
    }
    expect(at(26).look(seen(4000))).toBe(false)
    expect(at(26).estimateBeyond(seen(4000))).toBeUndefined()
  },
)
