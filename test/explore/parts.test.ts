/** A search in parts is held against one in one piece, and one on several threads against one on a single thread. */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { coveredWith } from '../../src/explore/contracts/covering.ts'
import { boundsOf } from '../../src/explore/search/options.ts'
import { Pace } from '../../src/explore/search/pace.ts'
import type { Helpers } from '../../src/explore/search/parts/helpers.ts'
import { searchInParts } from '../../src/explore/search/parts/search-in-parts.ts'
import { search } from '../../src/explore/search/search.ts'
import type { Midway } from '../../src/explore/search/search.ts'
import type { Tally } from '../../src/explore/search/tally.ts'
import { scheduleOf } from '../../src/explore/model/schedule.ts'
import { PreemptionBounded } from '../../src/explore/strategies/bounded.ts'
import { ControlledScenario } from '../../src/explore/subject/controlled-scenario.ts'
import type { Scenario } from '../../src/scenario.ts'
import { randomProgram } from './contracts/random-locks.ts'
import { programs, programScenario } from './random-programs.ts'
import type { Program } from './random-programs.ts'
import { SimulatedThreads } from './simulated-threads.ts'

/** Programs with more schedules than this are skipped, because the test would take too long. */
const MOST_SCHEDULES = 3000
const bounds = boundsOf({})

interface Way {
  readonly scenario: Scenario
  readonly preemptions: number
  readonly dataRaces: boolean
  readonly allFailures: boolean
}

/** With contracts, of which programs without locks use none. */
function underControl<Result>(
  { scenario, dataRaces }: Pick<Way, 'scenario' | 'dataRaces'>,
  work: (controlled: ControlledScenario) => Result,
): Result {
  const covered = coveredWith(scenario, [])
  return ControlledScenario.use(scenario, { ...bounds, dataRaces, contracts: 'units', covered }, work)
}

function pace(): Pace {
  return new Pace(0, Infinity, undefined)
}

function boundsFor({ preemptions }: Way): typeof bounds {
  return preemptions === Infinity ? bounds : { ...bounds, strategy: 'dfs', preemptions }
}

function inOnePiece(way: Way): Tally {
  const { preemptions, allFailures } = way
  return underControl(way, (controlled) => {
    if (preemptions === Infinity) return search(controlled, bounds, allFailures, pace())
    const make = (): PreemptionBounded => new PreemptionBounded(controlled.engine.world, preemptions)
    return search(controlled, boundsFor(way), allFailures, pace(), { make })
  })
}

function inParts(way: Way, most: number, helpers?: Helpers, midway?: Midway): Tally {
  return underControl(way, (controlled) =>
    searchInParts(controlled, boundsFor(way), way.allFailures, pace(), { most, helpers, midway }),
  )
}

/** What a search has seen, in whatever order. */
function seen({ complete, stopped, completeUpTo, schedules, outcomes, found, races }: Tally): unknown {
  return {
    complete,
    stopped,
    completeUpTo,
    schedules,
    outcomes: [...outcomes].map(([key, { count, broken }]) => [key, count, broken].join()).toSorted(),
    faults: [...new Set([...found.keys(), ...races])].toSorted(),
  }
}

/** The same, and the schedules that were found to fail. */
function all(tally: Tally): unknown {
  const { deepest, redundant, found } = tally
  const failing = [...found].map(([identity, { trace, races = [] }]) => {
    return [identity, scheduleOf(trace).join(''), races.map((race) => race.identity).join()]
  })
  return { seen: seen(tally), deepest, redundant, failing }
}

function threadsFor(way: Way, most: number, random: () => number): SimulatedThreads {
  return new SimulatedThreads((work) => underControl(way, work), most, random)
}

function hash(text: string): number {
  let value = 7
  for (const char of text) value = (value * 31 + char.charCodeAt(0)) | 0
  return Math.abs(value)
}

/** A program of which about one in `modulus` final states fails. */
function failing(program: Program, modulus: number): Scenario {
  const invariant: NonNullable<Scenario['invariant']> = (words, results) =>
    hash(JSON.stringify([[...(words as Int32Array)], results])) % modulus !== 1
  return { ...programScenario(program), invariant }
}

/** Random programs, of which none, some or most schedules fail. */
const ways: fc.Arbitrary<Way> = fc.record({
  scenario: fc.tuple(programs, fc.constantFrom(3, 10, 50, 1e9)).map(([program, modulus]) => failing(program, modulus)),
  preemptions: fc.constantFrom(0, 1, 2, 3, Infinity, Infinity, Infinity),
  dataRaces: fc.boolean(),
  allFailures: fc.boolean(),
})

/** Random programs with locks, of which some use what contracts cover in a way that they do not cover. */
const lockWays: fc.Arbitrary<Way> = fc.record({
  scenario: fc
    .tuple(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 2, max: 3 }), fc.integer({ min: 2, max: 3 }))
    .map(([seed, actors, most]) => randomProgram(seed, actors, most).scenario),
  preemptions: fc.constantFrom(0, 1, 2, Infinity, Infinity, Infinity),
  dataRaces: fc.boolean(),
  allFailures: fc.boolean(),
})

function isSmall(way: Way): boolean {
  const few = boundsOf({ maxSchedules: MOST_SCHEDULES })
  return underControl(way, (controlled) => search(controlled, few, true, pace())).complete
}

/** The number of steps of a part: few, or so many that the threads report while it is searched, which they can once in 16 schedules. */
const parts = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 100, max: 400 }))

const KINDS = [
  ['programs', ways, 1],
  ['programs with locks', lockWays, 0.3],
] as const

test.each(KINDS)(
  'of %s, the parts together see what one search sees, in as many schedules',
  { timeout: 120_000 },
  (_, some, share) => {
    let divided = 0
    const property = fc.property(some, parts, (way, most) => {
      const whole = { ...way, allFailures: true }
      fc.pre(isSmall(way))
      const tally = inParts(whole, most)
      expect(seen(tally)).toEqual(seen(inOnePiece(whole)))
      if (tally.schedules > most || tally.schedules > 100) divided++
    })
    fc.assert(property, { numRuns: 100 * share })
    expect(divided).toBeGreaterThan(3)
  },
)

test.each(KINDS)(
  'of %s, the result is the same whatever other threads do and when they report',
  { timeout: 120_000 },
  (_, some, share) => {
    let reported = 0
    const threads = fc.integer({ min: 1, max: 5 })
    const numbers = fc.infiniteStream(fc.integer({ min: 0, max: 999 }).map((number) => number / 1000))
    const property = fc.property(some, parts, threads, numbers, (way, most, count, random) => {
      fc.pre(isSmall(way))
      const helpers = threadsFor(way, count, () => random.next().value)
      expect(all(inParts(way, most, helpers))).toEqual(all(inParts(way, most)))
      reported += helpers.reported
    })
    fc.assert(property, { numRuns: 250 * share })
    expect(reported).toBeGreaterThan(50)
  },
)

test('a search that is stopped is not complete, and has counted no schedule twice', { timeout: 120_000 }, () => {
  let stopped = 0
  // Whether it is stopped is asked once in 16 schedules.
  const long = fc.integer({ min: 100, max: 400 })
  const threads = fc.integer({ min: 1, max: 5 })
  const numbers = fc.infiniteStream(fc.integer({ min: 0, max: 999 }).map((number) => number / 1000))
  const property = fc.property(ways, long, threads, numbers, (way, most, count, random) => {
    fc.pre(isSmall(way))
    const helpers = threadsFor(way, count, () => random.next().value)
    let isStopped = false
    const midway = {
      get isDue() {
        return random.next().value < 0.3
      },
      look: () => !(isStopped = true),
    }
    const tally = inParts(way, most, helpers, midway)
    expect(isStopped && tally.complete).toBe(false)
    if (!isStopped) return
    stopped++
    expect(tally.schedules).toBeLessThanOrEqual(inParts({ ...way, allFailures: true }, most).schedules)
  })
  fc.assert(property, { numRuns: 150 })
  expect(stopped).toBeGreaterThan(10)
})
