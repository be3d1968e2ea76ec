/** How fast is each bug and each of its fixes on each number of workers, and what does it lose? */
import { median } from 'simple-statistics'
import type { ThreadLesson } from '../src/lab/lessons/lesson.ts'
import { threadLessons } from '../src/lab/lessons/index.ts'
import { whole } from '../src/terminal/figures.ts'
import { textTable } from '../src/terminal/text-table.ts'
import type { Run } from '../src/stress/run-load.ts'
import { shareOf } from './harness/bench.ts'
import type { Bench } from './harness/bench.ts'
import { figureOf, medianOnly, withSpread } from './harness/figure.ts'
import type { Figure } from './harness/figure.ts'
import { takeTurns } from './harness/turns.ts'

/** A run should take at least this many milliseconds: a shorter one ends before all threads have a core. */
const LEAST_MILLISECONDS = 100

interface Row {
  readonly bug: string
  readonly variant: string
  readonly sound: boolean
  readonly workers: number
  /** Operations of each worker. */
  readonly iterations: number
  readonly opsPerSecond: Figure
  readonly p50: Figure
  readonly p95: Figure
  readonly p99: Figure
  /** The median of what was lost, in percent of the expected total; null for a bug that has no single total. */
  readonly lostPercent: number | null
  readonly violations: Figure
}

interface BugsData {
  readonly rows: readonly Row[]
}

export const bugs: Bench<BugsData> = {
  name: 'bugs',
  question: 'How fast is each bug and each of its fixes on each number of workers, and what does it lose?',

  async run(options) {
    const subjects = threadLessons.flatMap(({ name, load, variants }) =>
      options.workers.flatMap((workers) =>
        variants.map(({ name: variant, sound }) => {
          return { name, load, variant, sound, workers, iterations: shareOf(load.iterations, options.share) }
        }),
      ),
    )
    const trials = await takeTurns(subjects, { ...options, repetitions: 1 })
    const longEnough = trials.map((trial) => lengthened(trial, options.share))
    return { rows: (await takeTurns(longEnough, options)).map(rowOf) }
  },

  show({ rows }) {
    const shown = threadLessons.filter(({ name }) => rows.some(({ bug }) => bug === name))
    return [
      'These runs have no gap between read and write, so updates are lost by timing alone. `lab` runs with a gap, which shows each bug reliably.',
      ...shown.map(
        (bug) =>
          `\n${bug.title}\n\n${table(
            bug,
            rows.filter((row) => row.bug === bug.name),
          )}`,
      ),
    ].join('\n')
  },

  timings: ({ rows }) => rows.map(({ opsPerSecond }) => opsPerSecond),
}

/**
 * Raises the iterations of a trial whose run was too short. At most tenfold, because the time of some loads grows faster than
 * the number of their operations.
 */
function lengthened<Each extends Measured>(trial: Each, share: number): Each {
  const factor = (LEAST_MILLISECONDS * share) / trial.runs[0]!.milliseconds
  return { ...trial, iterations: Math.ceil(trial.iterations * Math.min(10, Math.max(1, factor))) }
}

function rowOf({ name, variant, sound, workers, iterations, runs }: Measured): Row {
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

interface Measured {
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
