/** Does retrying lost updates cost throughput −13 %, p95 +20 % and p99 +50 %, as is claimed? */
import { median } from 'simple-statistics'
import { short } from '../src/terminal/figures.ts'
import { textTable } from '../src/terminal/text-table.ts'
import type { Run } from '../src/stress/run-load.ts'
import { shareOf } from './harness/bench.ts'
import type { Bench } from './harness/bench.ts'
import { figureOf, medianOnly, withSpread } from './harness/figure.ts'
import type { Figure } from './harness/figure.ts'
import { CLAIMS, MEASURES, comparisonTable, verdictOn } from './harness/claims.ts'
import type { Comparison } from './harness/claims.ts'
import { takeTurns } from './harness/turns.ts'
import { RETRIED, SOUND, UNCHECKED, retryCost as load } from './loads/retry-cost.ts'

/** The claims do not name their baseline. It can be the published fix, the fastest fix, or the same code without retries. */
const BASELINES = ['write-lock', 'cas', UNCHECKED] as const

interface Row {
  readonly variant: string
  readonly workers: number
  /** Updates that the workers were asked to make, without the further attempts, divided by the seconds. */
  readonly updatesPerSecond: Figure
  readonly p50: Figure
  readonly p95: Figure
  readonly p99: Figure
  /** The median over the repetitions. */
  readonly attemptsPerUpdate: number
  /** The median of expected minus actual. Less than 0 when more updates were counted than were asked for. */
  readonly lost: number
}

interface RetryCostData {
  readonly claims: typeof CLAIMS
  readonly rows: readonly Row[]
  readonly comparisons: readonly Comparison[]
}

export const retryCost: Bench<RetryCostData> = {
  name: 'retry-cost',
  question: 'Does retrying lost updates cost throughput −13 %, p95 +20 % and p99 +50 %, as is claimed?',

  async run(options) {
    // A single worker loses no update, so it retries none.
    const counts = options.workers.filter((workers) => workers > 1)
    const subjects = counts.flatMap((workers) =>
      [...SOUND, UNCHECKED, ...RETRIED].map((variant) => {
        const iterations = shareOf(load.iterations / workers, options.share)
        return { name: 'retry-cost', load, variant, workers, iterations }
      }),
    )
    const done = await takeTurns(subjects, options)
    const runsOf = (variant: string, workers: number): readonly Run[] =>
      done.find((each) => each.variant === variant && each.workers === workers)!.runs
    const comparisons = counts.flatMap((workers) =>
      RETRIED.flatMap((variant) =>
        BASELINES.map((baseline) => {
          const changes = changesOf(runsOf(variant, workers), runsOf(baseline, workers))
          return { variant, baseline, workers, changes }
        }),
      ),
    )
    return { claims: CLAIMS, rows: done.map(rowOf), comparisons }
  },

  show({ rows, comparisons }) {
    if (rows.length === 0)
      return 'There is nothing to compare: a single worker loses no update. Ask for two or more workers.'
    return [
      figuresTable(rows),
      '',
      comparisonTable(comparisons),
      '',
      ...MEASURES.map((each) => verdictOn(each, comparisons)),
      'For retries in rounds the latency is that of one attempt. A lost update also waits until its round.',
    ].join('\n')
  },

  timings: ({ rows }) => rows.map((row) => row.updatesPerSecond),
}

function rowOf({ variant, workers, runs }: { variant: string; workers: number; runs: readonly Run[] }): Row {
  const latency = (name: 'p50' | 'p95' | 'p99'): Figure => figureOf(runs.map((run) => run.latencyMicroseconds[name]))
  return {
    variant,
    workers,
    updatesPerSecond: figureOf(runs.map(updatesPerSecond)),
    p50: latency('p50'),
    p95: latency('p95'),
    p99: latency('p99'),
    attemptsPerUpdate: median(runs.map(({ total }) => (total.metrics['attempts'] as number) / total.expected!)),
    lost: median(runs.map(({ total }) => total.expected! - total.actual!)),
  }
}

function updatesPerSecond(run: Run): number {
  return (1000 * run.total.expected!) / run.milliseconds
}

/** Compares the two runs of each repetition, which ran close together, and returns the figures of those changes. */
function changesOf(runs: readonly Run[], baselines: readonly Run[]): Comparison['changes'] {
  const change = (of: (run: Run) => number): Figure =>
    figureOf(runs.map((run, repetition) => of(run) / of(baselines[repetition]!) - 1))
  return {
    throughput: change(updatesPerSecond),
    p95: change((run) => run.latencyMicroseconds.p95),
    p99: change((run) => run.latencyMicroseconds.p99),
  }
}

function figuresTable(rows: readonly Row[]): string {
  const names = ['threads', 'updates/s', 'p50 µs', 'p95 µs', 'p99 µs', 'attempts/update', 'lost at the end']
  return textTable(
    [{ name: 'variant' }, ...names.map((name) => ({ name, right: true }))],
    rows.map(({ variant, workers, updatesPerSecond: speed, p50, p95, p99, attemptsPerUpdate, lost }) => [
      variant,
      `${workers}`,
      withSpread(speed),
      ...[p50, p95, p99].map(medianOnly),
      attemptsPerUpdate.toFixed(2),
      short(lost),
    ]),
  )
}
