/** How fast does the explorer run schedules, and how many does each strategy need to find a bug? */
import { fileURLToPath } from 'node:url'
import { median } from 'simple-statistics'
import { textTable } from '../src/terminal/text-table.ts'
import { whole } from '../src/terminal/figures.ts'
import { bundle } from '../src/stress/worker-file.ts'
import type { Bench } from './harness/bench.ts'
import { figureOf, withSpread } from './harness/figure.ts'
import type { Figure } from './harness/figure.ts'
import type { Search, Speed } from './loads/explore.ts'

type Measuring = typeof import('./loads/explore.ts')

interface SpeedRow extends Omit<Speed, 'schedulesPerSecond'> {
  readonly schedulesPerSecond: Figure
}

interface ExploreData {
  readonly speeds: readonly SpeedRow[]
  /** How many schedules each strategy ran until the first failure. */
  readonly searches: readonly Search[]
  readonly growth: { readonly schedules: number; readonly megabytes: number }
}

export const explore: Bench<ExploreData> = {
  name: 'explore',
  question: 'How fast does the explorer run schedules, and how many does each strategy need to find a bug?',

  // The explorer runs on one thread, so the numbers of workers do not apply.
  async run({ repetitions, share, onProgress }) {
    const file = await bundle(fileURLToPath(new URL('loads/explore.ts', import.meta.url)))
    const { measureSpeeds, countToFirstFailure, growth } = (await import(file)) as Measuring
    onProgress('explore: speed')
    const speeds = measureSpeeds(repetitions).map(rowOf)
    onProgress('explore: schedules to the first failure')
    const searches = countToFirstFailure()
    onProgress('explore: memory')
    return { speeds, searches, growth: growth(share) }
  },

  show({ speeds, searches, growth: { schedules, megabytes } }) {
    const after = `${whole(schedules)} more schedules`
    return [
      speedTable(speeds),
      '',
      'Schedules until the first failure; for random, pct and pos the median over the seeds 1 to 9:',
      '',
      searchTable(searches),
      '',
      `The heap grew by ${megabytes.toFixed(1)} MB in ${after} (exact only when node runs with --expose-gc).`,
    ].join('\n')
  },

  timings: ({ speeds }) => speeds.map(({ schedulesPerSecond }) => schedulesPerSecond),
}

function rowOf({ schedulesPerSecond, ...speed }: Speed): SpeedRow {
  return { ...speed, schedulesPerSecond: figureOf(schedulesPerSecond) }
}

function speedTable(speeds: readonly SpeedRow[]): string {
  return textTable(
    [
      { name: 'scenario' },
      { name: 'strategy' },
      { name: 'schedules', right: true },
      { name: 'explored' },
      { name: 'abandoned', right: true },
      { name: 'schedules/CPU s', right: true },
    ],
    speeds.map(({ name, strategy, schedules, complete, abandoned, schedulesPerSecond }) => [
      name,
      strategy,
      whole(schedules),
      complete ? 'all' : 'the first',
      `${(100 * abandoned).toFixed(0)} %`,
      withSpread(schedulesPerSecond),
    ]),
  )
}

function searchTable(searches: readonly Search[]): string {
  const names = ['dpor', 'random', 'pct', 'pos']
  return textTable(
    [{ name: 'scenario' }, ...names.map((name) => ({ name, right: true }))],
    searches.map(({ scenario, dpor, random, pct, pos }) => [
      scenario,
      ...[dpor, ...[random, pct, pos].map(median)].map((count) => whole(count)),
    ]),
  )
}
