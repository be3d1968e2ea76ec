/** A search in parts is held against one in one piece, and one on several threads against one on a single thread. */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { coveredWith } from '../../src/explore/contracts/covering.ts'
import { NO_ACTOR } from '../../src/explore/model/no-actor.ts'
import { boundsOf } from '../../src/explore/search/options.ts'
import { Pace } from '../../src/explore/search/pace.ts'
import { NO_HELPERS } from '../../src/explore/search/parts/helpers.ts'
import type { Helpers, Reported } from '../../src/explore/search/parts/helpers.ts'
import { rebuild } from '../../src/explore/search/parts/rebuild.ts'
import { searchInParts } from '../../src/explore/search/parts/search-in-parts.ts'
import { searchPart } from '../../src/explore/search/parts/search-part.ts'
import type { PartBounds, SearchedPart } from '../../src/explore/search/parts/search-part.ts'
import { reportOn } from '../../src/explore/search/parts/serve.ts'
import { nothingEarlier, recordAgain, search } from '../../src/explore/search/search.ts'
import type { Midway } from '../../src/explore/search/search.ts'
import { emptyTally } from '../../src/explore/search/tally.ts'
import type { Tally } from '../../src/explore/search/tally.ts'
import { randomNumbers } from '../../src/explore/model/random-numbers.ts'
import { scheduleOf } from '../../src/explore/model/schedule.ts'
import { PreemptionBounded } from '../../src/explore/strategies/bounded.ts'
import { WHOLE } from '../../src/explore/strategies/part.ts'
import type { Part } from '../../src/explore/strategies/part.ts'
import { ControlledScenario } from '../../src/explore/subject/controlled-scenario.ts'
import type { Scenario } from '../../src/scenario.ts'
import { Mutex } from '../../src/sync/mutex.ts'
import { randomProgram } from './contracts/random-locks.ts'
import { nth, over, words as memoryOf } from './counters.ts'
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
    expect(divided).toBeGreaterThan(3 * share)
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
    expect(reported).toBeGreaterThan(50 * share)
  },
)

// One actor uses the word of a mutex by itself, in some schedules only. A thread may come to those before it is their turn.
test('what a part shows of contracts before its turn is found out again when it is', () => {
  const { scenario, text } = randomProgram(820157, 3, 2)
  expect(text).toBe('reversed peek | meet | reversed meet')
  const way = { scenario, preemptions: 1, dataRaces: false, allFailures: false }
  const alone = all(inParts(way, 1))
  for (let seed = 1; seed <= 10; seed++)
    expect(all(inParts(way, 1, threadsFor(way, 1, randomNumbers(seed))))).toEqual(alone)
})

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

/** A search that is long in bob's absence: what is left of it after its first schedule is deep. */
const deep = over(
  {
    alice(words) {
      if (Atomics.load(words, 1) === 0) for (let word = 4; word < 600; word++) Atomics.load(words, word)
      Atomics.load(words, 3)
      Atomics.wait(words, 0, 0)
    },
    bob(words) {
      Atomics.store(words, 1, 1)
      Atomics.store(words, 3, 1)
    },
  },
  { memory: memoryOf(600) },
)

/** Takes the schedule in which bob comes first, and returns how it ends. Its part knows nothing of it. */
function endOfShort({ engine }: ControlledScenario): unknown {
  engine.undoTo(0)
  return engine.run(() => [1, 1, 0, 0, 0][engine.world.trace.length] ?? NO_ACTOR)
}

test('a schedule that is looked at aside ends as it does alone', () => {
  underControl({ scenario: deep, dataRaces: false }, (controlled) => {
    const ends: unknown[] = []
    const look = (): boolean => ends.push(endOfShort(controlled)) < 2
    searchInParts(controlled, bounds, true, pace(), { midway: { isDue: true, look } })
    expect(ends).toEqual(['stuck', 'stuck'])
  })
})

test('a schedule after a search that was stopped ends as it does alone', () => {
  underControl({ scenario: deep, dataRaces: false }, (controlled) => {
    searchInParts(controlled, boundsOf({ maxSchedules: 1 }), true, pace())
    expect(endOfShort(controlled)).toBe('stuck')
  })
})

/** The bounds of parts as another thread gets them. */
function partBounds(preemptions: number, excluded: readonly (readonly [of: string, why: string])[] = []) {
  const few = boundsOf({ maxSchedules: 100 })
  return {
    bounds: preemptions === Infinity ? few : ({ ...few, strategy: 'dfs', preemptions } as const),
    allFailures: true,
    scope: { isActive: true, excluded },
    most: Infinity,
  }
}

/** The waiter waits forever if it is not let go. */
function waiting(lets: boolean): Scenario {
  return over({
    waiter(words) {
      Atomics.load(words, 1)
      while (Atomics.load(words, 0) === 0);
    },
    other: (words) => Atomics.store(words, lets ? 0 : 2, 1),
  })
}

const NODE = { enabled: 0, asleep: 0, tried: 0, backtrack: 0, goesOn: 0, isHeld: false }

test('beside covered calls, a thread reports on a part without loops, whatever it has searched before', () => {
  // The waiter comes to its loop only if the other actor does not begin.
  const begun: Part = { path: [], nodes: [{ ...NODE, enabled: 3, tried: 1, backtrack: 3 }], base: 1 }
  underControl({ scenario: waiting(true), dataRaces: false }, (controlled) => {
    const { learnt } = controlled.engine
    const isAgain = (part: Part): boolean =>
      reportOn(controlled, { number: 0, part, learnt }, partBounds(1), () => true)[1] === 'again'
    expect([begun, WHOLE, begun].map((part) => isAgain(part))).toEqual([false, true, false])
  })
})

/** A part of another thread, which noticed the waiter's loop later: the waiter goes on alone for so many rounds. */
function lateLoop(rounds: number): Part {
  const path = [1, ...Array.from({ length: rounds }, () => 0)]
  const nodes = path.map((actor, depth) => ({
    ...NODE,
    enabled: depth === 0 ? 3 : 1,
    tried: 1 << actor,
    backtrack: 1 << actor,
  }))
  return { path, nodes: [...nodes, { ...NODE, enabled: 1, backtrack: 1 }], base: path.length + 1 }
}

function searched(controlled: ControlledScenario, part: Part, partBound: PartBounds): SearchedPart {
  const task = { number: 0, part, learnt: controlled.engine.learnt }
  const midway = { isDue: false, look: () => true }
  const how = { pace: pace(), midway, earlier: nothingEarlier(), isAlone: false }
  const found = searchPart(controlled, task, partBound, how)
  if (typeof found === 'string') throw new Error(found)
  return found
}

function searchedPart(part: Part, preemptions: number): Tally {
  return underControl({ scenario: waiting(false), dataRaces: false }, (controlled) => {
    return searched(controlled, part, partBounds(preemptions)).tally
  })
}

test.each([Infinity, 1])(
  'an actor that is held here goes on where another thread has not held it, with at most %d preemptions',
  (preemptions) => expect(searchedPart(lateLoop(20), preemptions).deepest).toBeGreaterThan(21),
)

test('under a bound, a part is taken up as it was left, though a loop is noticed earlier', () => {
  // The waiter was not held for 20 rounds; then the other actor preempted it, and could not have gone on.
  const path = [...Array.from({ length: 21 }, () => 0), 1]
  const nodes = path.map((actor) => ({ ...NODE, enabled: 3, tried: 1 << actor, backtrack: 3, goesOn: 1 - actor }))
  // At the last but one, the waiter's branch has been searched, in which it was not held.
  nodes[21] = { ...nodes[21]!, tried: 3, goesOn: 1 }
  const last = { ...NODE, enabled: 1, backtrack: 1, isHeld: true }
  const part = { path, nodes: [...nodes, last], base: 4 }
  underControl({ scenario: waiting(false), dataRaces: false }, ({ engine }) => {
    const strategy = new PreemptionBounded(engine.world, 1)
    engine.startAfresh(engine.learnt)
    rebuild(engine, strategy, part)
    expect(strategy.nodes).toEqual(part.nodes)
    expect(engine.world.units.map(({ enabled }) => enabled)).toEqual(nodes.map(({ enabled }) => enabled))
  })
})

test('under a bound, an actor whose step sleeps goes on after it if another thread has not held it there', () => {
  const scenario = over({
    waiter(words) {
      Atomics.load(words, 1)
      while (Atomics.load(words, 0) === 0);
    },
    other: (words) => [3, 3, 3, 0].forEach((word) => void Atomics.store(words, word, 1)),
  })
  const schedules = (goesOn: number): number =>
    underControl({ scenario, dataRaces: false }, (controlled) => {
      const begun = { ...NODE, enabled: 3, tried: 1, backtrack: 1 }
      const tried = { ...NODE, enabled: 3, tried: 2, backtrack: 2 }
      const nodes = [begun, tried, { ...tried, tried: 3, backtrack: 3, goesOn }, { ...NODE, enabled: 3, backtrack: 2 }]
      return searched(controlled, { path: [0, 1, 1], nodes, base: 4 }, partBounds(2)).tally.schedules
    })
  expect(schedules(1)).toBeGreaterThan(schedules(0))
})

/** A waiter that counts its rounds, so that its loop is cut off. */
const counting = over({
  waiter(words) {
    Atomics.load(words, 1)
    let rounds = 0
    while (Atomics.load(words, 0) === 0) rounds++
    return rounds
  },
  other: (words) => Atomics.store(words, 0, 1),
})

test('a part does not report the loops that were cut off in other parts', () => {
  underControl({ scenario: counting, dataRaces: false }, (controlled) => {
    const otherFirst = {
      path: [1],
      nodes: [
        { ...NODE, enabled: 3, tried: 2, backtrack: 2 },
        { ...NODE, enabled: 1, backtrack: 1 },
      ],
      base: 2,
    }
    const cutIn = (part: Part): number => searched(controlled, part, partBounds(1)).tally.spins.length
    expect([WHOLE, otherFirst, WHOLE].map((part) => cutIn(part))).toEqual([1, 0, 1])
  })
})

test('a part with a loop is searched to its end beside covered calls, and interrupted elsewhere', () => {
  for (const isActive of [true, false]) {
    underControl({ scenario: waiting(true), dataRaces: false }, (controlled) => {
      controlled.engine.adopt({ isActive, excluded: [] })
      const { rest } = searched(controlled, WHOLE, { ...partBounds(Infinity), most: 1 })
      expect(rest === undefined).toBe(isActive)
    })
  }
})

test('a schedule of another thread is taken to its end, although nobody could go on so long here', () => {
  underControl({ scenario: waiting(false), dataRaces: false }, (controlled) => {
    const tally = emptyTally()
    const schedule = [1, ...Array.from({ length: 20 }, () => 0)]
    recordAgain(tally, controlled, schedule, true)
    const [failure] = tally.found.values()
    expect(failure?.fault.kind).toBe('livelock')
    expect(scheduleOf(failure!.trace)).toEqual(schedule)
  })
})

test('a thread takes the same calls for covered as the thread that has ordered the part', () => {
  const scenario = over(nth(2, (words) => new Mutex(words, 0).holding(() => {})))
  const schedules = (excluded: readonly (readonly [of: string, why: string])[]): number | undefined =>
    underControl({ scenario, dataRaces: false }, (controlled) => {
      const task = { number: 0, part: WHOLE, learnt: controlled.engine.learnt }
      const [, report] = reportOn(controlled, task, partBounds(Infinity, excluded), () => true)
      return report !== 'again' && 'tally' in report ? report.tally.schedules : undefined
    })
  expect(schedules([])).toBe(2)
  expect(schedules([['Mutex', 'a reason']])).toBeGreaterThan(2)
})

const EVER = { threads: Infinity, calls: Infinity }

/** Threads that have used an object in each part that they report on. The schedules count them. */
class Users extends SimulatedThreads {
  override reports(): Reported[] {
    return super.reports().map(([number, report]) => {
      if (report === 'again' || !('learnt' in report)) throw new Error('no part is searched again')
      const { tally, learnt } = report
      const object = { of: 'Lock', proved: [EVER], callers: Infinity, actors: 0, calls: 0, words: [100 + number] }
      const uses = { bare: [], objects: [object] }
      const own = { ...report, tally: { ...tally, schedules: 1000 }, learnt: { ...learnt, uses } }
      return [number, own]
    })
  }
}

test('in the end, what other threads have learnt is known, also of the last part', () => {
  let merged = 0
  const add = (words: Int32Array): void => {
    for (let step = 0; step < 2; step++) Atomics.add(words, 0, 1)
  }
  const way = { scenario: over(nth(3, add)), dataRaces: false }
  for (let seed = 1; seed <= 15; seed++) {
    underControl(way, (controlled) => {
      const helpers = new Users((work) => underControl(way, work), 4, randomNumbers(seed))
      const { schedules } = searchInParts(controlled, bounds, true, pace(), { most: 20, helpers })
      expect(controlled.engine.coverage.uses.objects).toHaveLength(Math.floor(schedules / 1000))
      merged += Math.floor(schedules / 1000)
    })
  }
  expect(merged).toBeGreaterThan(10)
})

test('a search that is stopped knows what it has learnt', () => {
  // It learns nothing before the first step.
  const scenario = over(
    nth(2, (words) => {
      Atomics.load(words, 1)
      new Mutex(words, 0).holding(() => {})
    }),
  )
  underControl({ scenario, dataRaces: false }, (controlled) => {
    const tally = searchInParts(controlled, boundsOf({ maxSchedules: 1 }), true, pace())
    expect(tally).toMatchObject({ complete: false, schedules: 1 })
    expect(controlled.engine.coverage.uses.objects).toMatchObject([{ of: 'Mutex' }])
  })
})

test('threads that are not free are left alone', () => {
  const busy = (): never => {
    throw new Error('it does something else')
  }
  const helpers = { ...NO_HELPERS, areReady: true, begin: busy, give: busy, reports: busy, halt: busy }
  const way = { preemptions: Infinity, dataRaces: false, allFailures: true }
  const scenario = over(nth(2, addThrice))
  expect(inParts({ ...way, scenario }, 5, helpers)).toMatchObject({ complete: true })
  // Whether to stop is asked once in 16 schedules.
  const stopping = { isDue: true, look: () => false }
  const stopped = inParts({ ...way, scenario }, 1000, helpers, stopping)
  expect(stopped).toMatchObject({ complete: false, stopped: 'it would not end in time' })
})

function addThrice(words: Int32Array): void {
  for (let round = 0; round < 3; round++) Atomics.store(words, 0, Atomics.load(words, 0) + 1)
}
