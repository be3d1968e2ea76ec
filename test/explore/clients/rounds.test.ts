/** Which clients are explored in which round, and what their results amount to. No schedule is run. */
import { expect, test } from 'vitest'

import { exploreClients } from '../../../src/explore/explore-clients.ts'
import type { SearchOne } from '../../../src/explore/explore-clients.ts'
import { boundsOf } from '../../../src/explore/search/options.ts'
import { Pace } from '../../../src/explore/search/pace.ts'
import { NO_HELPERS } from '../../../src/explore/search/parts/helpers.ts'
import { emptyTally } from '../../../src/explore/search/tally.ts'
import type { Tally } from '../../../src/explore/search/tally.ts'
import { atomicCounter } from './objects.ts'

/** The clients are `l0`, `l1` and `l2`. */
const three = { ...atomicCounter, threads: 1, calls: 1 }
/** The clients of two calls are too many: some are drawn. */
const drawn = {
  ...atomicCounter,
  arguments: { fetchAdd: Array.from({ length: 150 }, (_, amount) => amount) },
  threads: 2,
  calls: 1,
}

class Whole extends Pace {
  readonly part = new Pace(0, Infinity, undefined)

  constructor() {
    super(0, Infinity, undefined)
  }

  override until(): Pace {
    return this.part
  }
}

const HOLDS = { complete: true }
const CUT_OFF = { stopped: 'a loop was cut off' }

/** What comes of a client; `preemptions` is Infinity in the reduction. */
type Come = (client: string, preemptions: number, pace: Pace) => Partial<Tally>

/** Explores the clients, of which this comes; returns which were explored with how many preemptions, and the tally. */
function rounds(scenario: typeof three, come: Come, pace = new Whole()) {
  const explored: string[] = []
  let client = ''
  const searchOne: SearchOne = (_, { preemptions }, each) => {
    explored.push(`${client} ${preemptions}`)
    const tally = { ...emptyTally(), schedules: 1, ...come(client, preemptions, each) }
    return { tally, smallest: [], note: undefined, covered: [], inside: [] }
  }
  const options = {
    bounds: boundsOf({}),
    criterion: undefined,
    isWhole: true,
    allFailures: false,
    helpers: NO_HELPERS,
  }
  const { tally } = exploreClients(scenario, options, pace, searchOne, ({ text }) => (client = text))
  return { explored, tally }
}

function timeUp(pace: Pace): Partial<Tally> {
  pace.isTimeUp = true
  pace.stopped = 'gave up'
  return { stopped: pace.stopped }
}

/** Complete with one preemption, and up to none with none. */
function bounded(preemptions: number): Partial<Tally> {
  return preemptions === 0 ? { isBounded: true, completeUpTo: { preemptions, schedules: 1 } } : HOLDS
}

test('under bounds, the first clients that hold in every schedule are not explored again', () => {
  const { explored, tally } = rounds(three, (client, preemptions, pace) => {
    if (preemptions !== Infinity) return bounded(preemptions)
    return client === 'l0' ? HOLDS : timeUp(pace)
  })
  expect(explored).toEqual(['l0 Infinity', 'l1 Infinity', 'l1 0', 'l2 0', 'l1 1', 'l2 1'])
  expect(tally).toMatchObject({ complete: true, schedules: 6, completeUpTo: { preemptions: 1, schedules: 2 } })
  expect(tally.stopped).toBeUndefined()
})

test('a client that may fail is explored again, although one after it holds', () => {
  const { explored } = rounds(three, (client, preemptions, pace) => {
    if (preemptions !== Infinity) return HOLDS
    return client === 'l0' ? CUT_OFF : client === 'l1' ? HOLDS : timeUp(pace)
  })
  expect(explored.slice(3)).toEqual(['l0 0', 'l1 0', 'l2 0'])
})

test('a bound is complete only if it is for each client', () => {
  const upTo = (some: Partial<Tally>): Tally['completeUpTo'] =>
    rounds(three, (client, preemptions, pace) => {
      if (preemptions === Infinity) return timeUp(pace)
      return preemptions > 0 ? CUT_OFF : client === 'l1' ? some : bounded(0)
    }).tally.completeUpTo
  expect(upTo(bounded(0))).toEqual({ preemptions: 0, schedules: 3 })
  expect(upTo(HOLDS)).toEqual({ preemptions: 0, schedules: 3 })
  expect(upTo(CUT_OFF)).toBeUndefined()
})

test('where clients are drawn, no bound is complete', () => {
  const { tally } = rounds(drawn, (_, preemptions, pace) =>
    preemptions === Infinity ? timeUp(pace) : bounded(preemptions),
  )
  expect(tally).toMatchObject({ complete: false, completeUpTo: undefined })
  expect(tally.stopped).toMatch(/were drawn at random$/)
})

test('an interruption, unlike the end of its time, ends more than the reduction', () => {
  const pace = new Whole()
  const { explored } = rounds(three, (_, __, each) => ({ stopped: (each.stopped = 'interrupted') }), pace)
  expect(explored).toEqual(['l0 Infinity'])
  expect(pace.stopped).toBe('interrupted')
})

test('a reason to stop that comes up just before a client is explored is told', () => {
  const pace = new Whole()
  const reasons = [undefined, 'interrupted']
  pace.part.stop = () => (pace.part.stopped ??= reasons.shift())
  const { explored, tally } = rounds(three, () => HOLDS, pace)
  expect({ explored, tally }).toMatchObject({ explored: [], tally: { complete: false, stopped: 'interrupted' } })
})
