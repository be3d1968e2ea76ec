/** Clients with few preemptions, which follow where the reduction does not end in time. */
import { expect, test } from 'vitest'

import { exploreClients } from '../../../src/explore/explore-clients.ts'
import type { SearchOne } from '../../../src/explore/explore-clients.ts'
import { explore } from '../../../src/explore/index.ts'
import { preemptionsIn } from '../../../src/explore/model/schedule.ts'
import { boundsOf } from '../../../src/explore/search/options.ts'
import { Pace } from '../../../src/explore/search/pace.ts'
import { NO_HELPERS } from '../../../src/explore/search/parts/helpers.ts'
import { searchInParts } from '../../../src/explore/search/parts/search-in-parts.ts'
import type { Searched } from '../../../src/explore/search/searched.ts'
import { ControlledScenario } from '../../../src/explore/subject/controlled-scenario.ts'
import type { OperationsScenario } from '../../../src/scenario.ts'
import {
  atomicCounter,
  copiedRegister,
  hastyQueue,
  lockedQueue,
  mutex,
  object,
  reversedQueue,
  splitCounter,
  treiberStack,
} from './objects.ts'

/** Leaves the reduction no time. */
class Spent extends Pace {
  override until(): Pace {
    return new Pace(0, 0, undefined)
  }
}

const searchOne: SearchOne = (client, bounds, pace) =>
  ControlledScenario.use(client, { ...bounds, dataRaces: false }, (controlled) => {
    const tally = searchInParts(controlled, bounds, false, pace)
    return { tally, smallest: [...tally.found.values()], note: undefined, covered: [], inside: [] }
  })

/** Explores all clients under bounds only. */
function bounded(scenario: OperationsScenario): Searched {
  const bounds = boundsOf({})
  const options = { bounds, criterion: undefined, isWhole: true, allFailures: false, helpers: NO_HELPERS }
  return exploreClients(scenario, options, new Spent(0, Infinity, undefined), searchOne, () => {})
}

const RIGHT: readonly (readonly [string, OperationsScenario])[] = [
  ['a counter', atomicCounter],
  ['a stack with tags', { ...treiberStack(true), calls: 1 }],
  ['a queue under a lock', { ...lockedQueue, calls: 1 }],
  ['a mutex', { ...mutex, calls: 1 }],
]

test.each(RIGHT)('%s holds under each bound, and in the end it is complete', (_, scenario) => {
  const { tally, smallest } = bounded(scenario)
  expect(smallest).toEqual([])
  expect(tally).toMatchObject({ complete: true, isBounded: false })
  expect(tally.stopped).toBeUndefined()
})

const WRONG: readonly (readonly [string, OperationsScenario])[] = [
  ['a counter in two steps', splitCounter],
  ['a queue that gives up too soon', hastyQueue],
  ['a queue that is a stack', reversedQueue],
  ['a register that is copied', copiedRegister],
  ['a stack without tags', treiberStack(false)],
]

test.each(WRONG)('%s fails with as few preemptions as without reduction', (_, scenario) => {
  const { tally, smallest } = bounded(scenario)
  const found = preemptionsIn(smallest[0]!.trace)
  expect(tally.complete).toBe(false)
  expect(explore(scenario, { preemptions: found, dataRaces: false, timeout: 30 }).verdict).toBe('fail')
  if (found > 0)
    expect(explore(scenario, { preemptions: found - 1, dataRaces: false, timeout: 30 }).verdict).not.toBe('fail')
})

/** One call that has so many accesses that two of them have more schedules than can be explored. */
function touchAll(memory: Int32Array): void {
  for (let round = 0; round < 20; round++) Atomics.add(memory, 1, 1)
}

/** Adds the call to a counter. The clients that make it come first. */
function withLarge({ operations, model, arguments: args = {} }: OperationsScenario): OperationsScenario {
  const step: typeof model.step = (state, call) => (call.f === 'touchAll' ? [state] : model.step(state, call))
  return object({ touchAll, ...operations }, { ...model, step }, { arguments: args, calls: 1 })
}

test('a client that comes after a large one is explored too', () => {
  const found = explore(withLarge(splitCounter), { timeout: 4, dataRaces: false })
  expect(found).toMatchObject({ verdict: 'fail', failures: [{ kind: 'not-linearizable', preemptions: 1 }] })
})

test('clients of which some are too large are complete up to a number of preemptions', () => {
  const found = explore(withLarge(atomicCounter), { timeout: 4, dataRaces: false })
  expect(found).toMatchObject({ verdict: 'inconclusive', complete: false, estimate: null })
  expect(found.completeUpTo?.preemptions).toBeGreaterThanOrEqual(1)
  expect(found.schedulesUpTo).toBeGreaterThan(0)
  expect(found.stopped).toMatch(/^gave up after/)
})
