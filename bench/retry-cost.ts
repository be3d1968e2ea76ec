/** Does losing updates and retrying them cost throughput −13 %, p95 +20 % and p99 +50 %, as is said? */
import { median } from 'simple-statistics'
import { short } from '../src/lab/report/results-table.ts'
import { textTable } from '../src/terminal/text-table.ts'
import type { Run } from '../src/stress/team.ts'
import { type Bench, shareOf } from './harness/bench.ts'
import { type Figure, figureOf, medianOnly, withSpread } from './harness/figure.ts'
import { CLAIMS, type Comparison, MEASURES, comparisonTable, said } from './harness/claims.ts'
import { takeTurns } from './harness/turns.ts'
import { RETRIED, SOUND, UNCHECKED, retryCost as load } from './loads/retry-cost.ts'

/** What a claim can mean to compare with: the published fix, the best one, and the same code without the retries. */
const BASELINES = ['write-lock', 'cas', UNCHECKED] as const

interface Row {
  readonly variant: string
  readonly workers: number
  /** Updates that were asked for, not attempts, a second. */
  readonly updatesPerSecond: Figure
  readonly p50: Figure
  readonly p95: Figure
  readonly p99: Figure
  /** Median. */
  readonly attemptsPerUpdate: number
  /** Median of expected less actual; below 0 when more were counted than were made. */
  readonly lost: number
}

interface RetryCostData {
  readonly claims: typeof CLAIMS
  readonly rows: readonly Row[]
  readonly comparisons: readonly Comparison[]
}

export const retryCost: Bench<RetryCostData> = {
  name: 'retry-cost',
  question: 'Does losing updates and retrying them cost throughput −13 %, p95 +20 % and p99 +50 %, as is said?',

  async run(options) {
    // One worker alone loses nothing and retries nothing.
    const counts = options.workers.filter((workers) => workers > 1)
    const entries = counts.flatMap((workers) =>
      [...SOUND, UNCHECKED, ...RETRIED].map((variant) => {
        const iterations = shareOf(load.iterations / workers, options.share)
        return { name: 'retry-cost', load, variant, workers, iterations }
      }),
    )
    const done = await takeTurns(entries, options)
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
    if (rows.length === 0) return 'Nothing to compare: one worker alone loses nothing. Ask for two or more.'
    return [
      figuresTable(rows),
      '',
      comparisonTable(comparisons),
      '',
      ...MEASURES.map((each) => said(each, comparisons)),
      'Latencies in rounds are of single attempts; what was lost waits for its round besides.',
    ].join('\n')
  },
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

/** Repetition by repetition, since both ran in the same minute then. */
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
  const names = ['threads', 'updates/s', 'p50 µs', 'p95 µs', 'p99 µs', 'attempts each', 'lost at the end']
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
