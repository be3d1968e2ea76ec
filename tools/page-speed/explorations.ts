/** The explorations whose speed is compared. They wait in no loop: these a browser cuts off. */
import { explore } from '../../src/explore/explore.ts'
import type { ExploreOptions } from '../../src/explore/search/options.ts'
import type { Scenario } from '../../src/scenario.ts'
import { casIncrement, lockedIncrement, nth, over, splitIncrement } from '../../test/explore/counters.ts'

interface Exploration {
  readonly scenario: Scenario
  readonly options: ExploreOptions
}

const first = (words: Int32Array): number => Atomics.load(words, 0)
const increments = (words: Int32Array): void => void Atomics.store(words, 0, Atomics.load(words, 0) + 1)
const five = { a: increments, b: increments, c: increments, d: increments, e: increments }

export const EXPLORATIONS: Readonly<Record<string, Exploration>> = {
  'five increments, every order': {
    scenario: over(five, { observe: first }),
    options: { strategy: 'dfs', maxSchedules: 50_000, allFailures: true },
  },
  'read, release, write under a mutex, 2 actors': {
    scenario: over(nth(2, splitIncrement), { observe: first }),
    options: { strategy: 'dfs' },
  },
  'increment under a mutex, 3 actors': {
    scenario: over(nth(3, lockedIncrement), { observe: first }),
    options: {},
  },
  'compare-and-swap loop, 3 actors': { scenario: over(nth(3, casIncrement), { observe: first }), options: {} },
}

/** How long one measurement takes at least, in milliseconds. */
const LEAST = 500

/** Explores again and again, and returns how many schedules a second that makes. */
export function schedulesPerSecond(name: string): number {
  const { scenario, options } = Object.entries(EXPLORATIONS).find(([key]) => key === name)![1]
  explore(scenario, options)
  const start = performance.now()
  let schedules = 0
  let took = 0
  do {
    schedules += explore(scenario, options).schedules
    took = performance.now() - start
  } while (took < LEAST)
  return (schedules * 1000) / took
}
