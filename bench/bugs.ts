/** How fast is each bug and each of its fixes on 1, 2, 4 and 8 workers, and what does it lose? */
import { median } from 'simple-statistics'
import type { ThreadLesson } from '../src/lab/lessons/lesson.ts'
import { threadLessons } from '../src/lab/lessons/index.ts'
import { whole } from '../src/lab/report/results-table.ts'
import { textTable } from '../src/terminal/text-table.ts'
import type { Run } from '../src/stress/team.ts'
import { type Bench, shareOf } from './harness/bench.ts'
import { type Figure, figureOf, medianOnly, withSpread } from './harness/figure.ts'
import { takeTurns } from './harness/turns.ts'

/** Milliseconds. */
const LONG_ENOUGH = 100

interface Row {
  readonly bug: string
  readonly variant: string
  readonly sound: boolean
  readonly workers: number
  /** Operations a worker. */
  readonly iterations: number
  readonly opsPerSecond: Figure
  readonly p50: Figure
  readonly p95: Figure
  readonly p99: Figure
  /** Of the total, in percent; null for a bug that has no single total. Median. */
  readonly lostPercent: number | null
  readonly violations: Figure
}

interface BugsData {
  readonly rows: readonly Row[]
}

export const bugs: Bench<BugsData> = {
  name: 'bugs',
  question: 'How fast is each bug and each of its fixes on 1, 2, 4 and 8 workers, and what does it lose?',

  async run(options) {
    const entries = threadLessons.flatMap(({ name, load, variants }) =>
      options.workers.flatMap((workers) =>
        variants.map(({ name: variant, sound }) => {
          return { name, load, variant, sound, workers, iterations: shareOf(load.iterations, options.share) }
        }),
      ),
    )
    const trials = await takeTurns(entries, { ...options, repetitions: 1 })
    const longEnough = trials.map((trial) => lengthened(trial, options.share))
    return { rows: (await takeTurns(longEnough, options)).map(rowOf) }
  },

  show({ rows }) {
    const shown = threadLessons.filter(({ name }) => rows.some(({ bug }) => bug === name))
    return [
      'Nothing is widened here: what is lost is lost by timing alone, and `lab` with its gap shows each bug for certain.',
      ...shown.map(
        (bug) =>
          `\n${bug.title}\n\n${table(
            bug,
            rows.filter((row) => row.bug === bug.name),
          )}`,
      ),
    ].join('\n')
  },
}

/** What is over before all threads have a core tells little. Not more than tenfold: some work grows faster than its operations. */
function lengthened<Each extends Contested>(trial: Each, share: number): Each {
  const factor = (LONG_ENOUGH * share) / trial.runs[0]!.milliseconds
  return { ...trial, iterations: Math.ceil(trial.iterations * Math.min(10, Math.max(1, factor))) }
}

function rowOf({ name, variant, sound, workers, iterations, runs }: Contested): Row {
  const latency = (percentile: 'p50' | 'p95' | 'p99'): Figure =>
    figureOf(runs.map((run) => run.latencyMicroseconds[percentile]))
  return {
    bug: name,
    variant,
    sound,
    workers,
    iterations,
    opsPerSecond: figureOf(runs.map((run) => run.opsPerSecond)),
    p50: latency('p50'),
    p95: latency('p95'),
    p99: latency('p99'),
    lostPercent: lostPercentOf(runs),
    violations: figureOf(runs.map(({ total }) => total.violations)),
  }
}

interface Contested {
  readonly name: string
  readonly variant: string
  readonly sound: boolean
  readonly workers: number
  readonly iterations: number
  readonly runs: readonly Run[]
}

function lostPercentOf(runs: readonly Run[]): number | null {
  const shares = runs.flatMap(({ total: { expected, actual } }) =>
    expected === null || actual === null || expected === 0 ? [] : [(100 * (expected - actual)) / expected],
  )
  return shares.length === 0 ? null : median(shares)
}

function table({ columns }: ThreadLesson, rows: readonly Row[]): string {
  const lost = columns.total ? [`${columns.total[2]} %`] : []
  const figures = ['threads', 'ops/s', 'p50 µs', 'p95 µs', 'p99 µs', ...lost, 'violations']
  return textTable(
    [{ name: 'variant' }, { name: 'declared' }, ...figures.map((name) => ({ name, right: true }))],
    rows.map(({ variant, sound, workers, opsPerSecond, p50, p95, p99, lostPercent, violations }) => [
      variant,
      sound ? 'sound' : 'broken',
      `${workers}`,
      withSpread(opsPerSecond),
      ...[p50, p95, p99].map(medianOnly),
      ...(columns.total ? [lostPercent?.toFixed(1) ?? ''] : []),
      whole(violations.median),
    ]),
  )
}
