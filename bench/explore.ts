/**
 * How fast does the explorer run schedules, and how many does each strategy need?
 *
 *   npx esbuild bench/explore.ts --bundle --platform=node --format=esm --packages=external --outfile=<file> && node <file>
 *
 * or, a little slower, `node --import tsx bench/explore.ts`. Speed is taken per second of processor time, so that other
 * work on the machine does not count; each figure is the median of several runs after a warm-up.
 */
import { cpus } from 'node:os'
import { explore } from '../src/explore/index.ts'
import type { ExploreOptions } from '../src/explore/index.ts'
import type { Scenario } from '../src/scenario.ts'
import { buggy as account } from '../test/fixtures/scenarios/account.ts'
import { buggy as bluetooth } from '../test/fixtures/scenarios/bluetooth-driver.ts'
import { buggy as carter } from '../test/fixtures/scenarios/carter.ts'
import { buggy as ring } from '../test/fixtures/scenarios/circular-buffer.ts'
import { buggy as dining3 } from '../test/fixtures/scenarios/dining-3.ts'
import { buggy as dining5 } from '../test/fixtures/scenarios/dining-5.ts'
import { buggy as lazy } from '../test/fixtures/scenarios/lazy-init.ts'
import { buggy as lostWakeUp } from '../test/fixtures/scenarios/lost-wake-up.ts'
import { buggy as queue } from '../test/fixtures/scenarios/queue.ts'
import { buggy as reorder5 } from '../test/fixtures/scenarios/reorder-5.ts'
import { buggy as stack } from '../test/fixtures/scenarios/stack.ts'
import { buggy as stringBuffer } from '../test/fixtures/scenarios/string-buffer.ts'
import { buggy as tokenRing } from '../test/fixtures/scenarios/token-ring.ts'
import { buggy as twoStage } from '../test/fixtures/scenarios/two-stage.ts'
import { buggy as deque } from '../test/fixtures/scenarios/work-stealing-queue.ts'
import { buggy as wrongLock } from '../test/fixtures/scenarios/wrong-lock.ts'
import { casIncrement, lockedIncrement, nth, over, splitIncrement } from '../test/explore/counters.ts'

const RUNS = 7
const count = (words: Int32Array): number => Atomics.load(words, 0)

function processorMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function median(figures: readonly number[]): number {
  return figures.toSorted((one, other) => one - other)[Math.floor(figures.length / 2)] ?? 0
}

/** Schedules a second, and how many there were. */
function speed(
  scenario: Scenario,
  options: ExploreOptions,
): { perSecond: number; schedules: number; complete: boolean } {
  for (let warmUp = 0; warmUp < 3; warmUp++) explore(scenario, options)
  let [schedules, complete] = [0, false]
  const figures = Array.from({ length: RUNS }, () => {
    const took = processorMs(() => {
      ;({ schedules, complete } = explore(scenario, options))
    })
    return (schedules / took) * 1000
  })
  return { perSecond: Math.round(median(figures)), schedules, complete }
}

function show(name: string, scenario: Scenario, options: ExploreOptions = {}): void {
  const { perSecond, schedules, complete } = speed(scenario, options)
  const all = complete ? 'all' : 'the first'
  console.log(
    `${name.padEnd(58)} ${all} ${schedules.toLocaleString('en-US')} schedules, ${perSecond.toLocaleString('en-US')}/s`,
  )
}

console.log(`node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}, one core, median of ${RUNS}\n`)
show('read-release-write under a mutex, 2 actors, brute force', over(nth(2, splitIncrement), { observe: count }), {
  strategy: 'dfs',
})
show('read-release-write under a mutex, 2 actors, reduction', over(nth(2, splitIncrement), { observe: count }))
show('increment under a mutex, 3 actors, reduction', over(nth(3, lockedIncrement), { observe: count }))
show('compare-and-swap loop, 3 actors, brute force', over(nth(3, casIncrement), { observe: count }), {
  strategy: 'dfs',
})
show('compare-and-swap loop, 3 actors, reduction', over(nth(3, casIncrement), { observe: count }))
show('compare-and-swap loop, 4 actors, reduction', over(nth(4, casIncrement), { observe: count }))

console.log('\nschedules to the first failure: reduction; by lot the median over 9 seeds')
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
const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9]
console.log(`${'scenario'.padEnd(28)}${['dpor', 'random', 'pct', 'pos'].map((name) => name.padStart(9)).join('')}`)
for (const scenario of ports) {
  const drawn = (['random', 'pct', 'pos'] as const).map((strategy) =>
    median(seeds.map((seed) => explore(scenario, { strategy, seed }).schedules)),
  )
  const figures = [explore(scenario).schedules, ...drawn]
  console.log(`${scenario.name.padEnd(28)}${figures.map((figure) => String(figure).padStart(9)).join('')}`)
}

// A million schedules: what is in use afterwards is what was in use before.
const big = over(nth(3, splitIncrement), { observe: count })
const inUse = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 2 ** 20
}
explore(big, { strategy: 'dfs', maxSchedules: 100_000, timeout: 600 })
const before = inUse()
const { schedules } = explore(big, { strategy: 'dfs', maxSchedules: 1_000_000, timeout: 600 })
const grown = inUse() - before
console.log(
  `\nmemory after ${schedules.toLocaleString('en-US')} more schedules: ${grown.toFixed(1)} MB more (with --expose-gc)`,
)
