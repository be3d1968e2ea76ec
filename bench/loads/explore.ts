/**
 * The explorations that are measured. Speed is per second of processor time, which does not count other work on the machine.
 * This file is bundled before it runs: tsx adds a call to each small function to keep its name, which makes it a quarter slower.
 */
import { explore } from '../../src/explore/index.ts'
import type { ExploreOptions } from '../../src/explore/index.ts'
import { boundsOf } from '../../src/explore/search/options.ts'
import { Pace } from '../../src/explore/search/pace.ts'
import { search } from '../../src/explore/search/search.ts'
import { ControlledScenario } from '../../src/explore/subject/controlled-scenario.ts'
import type { Scenario } from '../../src/scenario.ts'
import { buggy as account } from '../../test/fixtures/scenarios/account.ts'
import { buggy as bluetooth } from '../../test/fixtures/scenarios/bluetooth-driver.ts'
import { buggy as carter } from '../../test/fixtures/scenarios/carter.ts'
import { buggy as ring } from '../../test/fixtures/scenarios/circular-buffer.ts'
import { buggy as dining3 } from '../../test/fixtures/scenarios/dining-3.ts'
import { buggy as dining5 } from '../../test/fixtures/scenarios/dining-5.ts'
import { buggy as lazy } from '../../test/fixtures/scenarios/lazy-init.ts'
import { buggy as lostWakeUp } from '../../test/fixtures/scenarios/lost-wake-up.ts'
import { buggy as queue } from '../../test/fixtures/scenarios/queue.ts'
import { buggy as reorder5 } from '../../test/fixtures/scenarios/reorder-5.ts'
import { buggy as stack } from '../../test/fixtures/scenarios/stack.ts'
import { buggy as stringBuffer } from '../../test/fixtures/scenarios/string-buffer.ts'
import { buggy as tokenRing } from '../../test/fixtures/scenarios/token-ring.ts'
import { buggy as twoStage } from '../../test/fixtures/scenarios/two-stage.ts'
import { buggy as deque } from '../../test/fixtures/scenarios/work-stealing-queue.ts'
import { buggy as wrongLock } from '../../test/fixtures/scenarios/wrong-lock.ts'
import { casIncrement, lockedIncrement, nth, over, splitIncrement } from '../../test/explore/counters.ts'

/** The heap is measured after WARM_UP schedules, and again after about MANY more. */
const WARM_UP = 100_000
const MANY = 1_000_000
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9]
const DRAWN = ['random', 'pct', 'pos'] as const

const first = (words: Int32Array): number => Atomics.load(words, 0)
const [splitOf2, splitOf3, lockedOf3] = [nth(2, splitIncrement), nth(3, splitIncrement), nth(3, lockedIncrement)]
const [casOf3, casOf4] = [nth(3, casIncrement), nth(4, casIncrement)]

const speeds: readonly { readonly name: string; readonly scenario: Scenario; readonly options: ExploreOptions }[] = [
  {
    name: 'read-release-write under a mutex, 2 actors',
    scenario: over(splitOf2, { observe: first }),
    options: { strategy: 'dfs' },
  },
  { name: 'read-release-write under a mutex, 2 actors', scenario: over(splitOf2, { observe: first }), options: {} },
  { name: 'increment under a mutex, 3 actors', scenario: over(lockedOf3, { observe: first }), options: {} },
  { name: 'compare-and-swap loop, 3 actors', scenario: over(casOf3, { observe: first }), options: { strategy: 'dfs' } },
  { name: 'compare-and-swap loop, 3 actors', scenario: over(casOf3, { observe: first }), options: {} },
  { name: 'compare-and-swap loop, 4 actors', scenario: over(casOf4, { observe: first }), options: {} },
]

const ports = [
  account,
  bluetooth,
  ring,
  dining3,
  dining5,
  lazy,
  queue,
  reorder5,
  stack,
  tokenRing,
  twoStage,
  wrongLock,
  stringBuffer,
  deque,
  carter,
  lostWakeUp,
]

export interface Speed {
  readonly name: string
  readonly strategy: string
  readonly schedules: number
  readonly complete: boolean
  /** Which share of the executions was abandoned: another schedule covers them, or every actor that could go on slept. */
  readonly abandoned: number
  /** One value for each repetition. */
  readonly schedulesPerSecond: readonly number[]
}

export function measureSpeeds(repetitions: number): Speed[] {
  return speeds.map(({ name, scenario, options }) => {
    for (let warmUp = 0; warmUp < 3; warmUp++) explore(scenario, options)
    const { strategy, schedules, complete } = explore(scenario, options)
    const schedulesPerSecond = Array.from({ length: repetitions }, () => {
      const took = processorSeconds(() => explore(scenario, options))
      return schedules / took
    })
    return { name, strategy, schedules, complete, abandoned: abandonedShare(scenario, options), schedulesPerSecond }
  })
}

function abandonedShare(scenario: Scenario, options: ExploreOptions): number {
  const bounds = boundsOf(options)
  return ControlledScenario.use(scenario, { ...bounds, dataRaces: true }, (controlled) => {
    const { schedules, redundant } = search(controlled, bounds, false, new Pace(0, Infinity, undefined))
    return redundant / (schedules + redundant)
  })
}

function processorSeconds(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000_000
}

/** How many schedules each strategy ran until the first failure. The random strategies have one number for each seed. */
export interface Search {
  readonly scenario: string
  readonly dpor: number
  readonly random: readonly number[]
  readonly pct: readonly number[]
  readonly pos: readonly number[]
}

export function countToFirstFailure(): Search[] {
  return ports.map((scenario) => {
    const [random, pct, pos] = DRAWN.map((strategy) =>
      SEEDS.map((seed) => explore(scenario, { strategy, seed }).schedules),
    ) as [number[], number[], number[]]
    return { scenario: scenario.name, dpor: explore(scenario).schedules, random, pct, pos }
  })
}

/** Returns by how much the heap grows during many schedules. Exact only when node runs with --expose-gc. */
export function growth(share: number): { schedules: number; megabytes: number } {
  const big = over(splitOf3, { observe: first })
  const run = (most: number) =>
    explore(big, { strategy: 'dfs', maxSchedules: Math.round(most * share), timeout: 600 }).schedules
  run(WARM_UP)
  const before = inUse()
  const schedules = run(MANY)
  return { schedules, megabytes: inUse() - before }
}

function inUse(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 2 ** 20
}
