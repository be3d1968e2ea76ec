/** What does clean-up cost against the number of deletes, and what does it hold on to? */
import { linearRegression, median } from 'simple-statistics'
import { short, whole } from '../src/lab/report/results-table.ts'
import { textTable } from '../src/terminal/text-table.ts'
import { type Bench, shareOf } from './harness/bench.ts'
import { type Figure, figureOf, withSpread } from './harness/figure.ts'
import { curves } from './harness/plot.ts'
import { takeTurns } from './harness/turns.ts'
import { CAPACITY, CLEANUPS, CYCLE, MODES, type Mode, cleanup as load } from './loads/cleanup.ts'

const POINTS = 8

interface Point {
  readonly deletes: number
  readonly attempts: number
  /** In clean-ups alone. */
  readonly milliseconds: Figure
  readonly bytesHeld: number
}

interface Series {
  readonly cleanup: string
  readonly mode: Mode
  readonly points: readonly Point[]
  /** Attempts and time grow as the deletes to the power of this. */
  readonly attemptsExponent: number
  readonly timeExponent: number
}

interface CleanupData {
  readonly series: readonly Series[]
}

export const cleanup: Bench<CleanupData> = {
  name: 'cleanup',
  question: 'What does clean-up cost against the number of deletes, and what does it hold on to?',

  async run(options) {
    // Whole cycles, also in a quick look.
    const step = CYCLE * shareOf(CAPACITY / POINTS / CYCLE, options.share)
    const kinds = MODES.flatMap((mode) => CLEANUPS.map((each) => ({ cleanup: each, mode })))
    const entries = kinds.flatMap((kind) =>
      Array.from({ length: POINTS }, (_, index) => {
        const variant = `${kind.cleanup}/${kind.mode}`
        return { ...kind, name: 'cleanup', load, variant, workers: 1, iterations: step * (index + 1) }
      }),
    )
    const done = await takeTurns(entries, options)
    return {
      series: kinds.map((kind) => {
        const of = done.filter((each) => each.cleanup === kind.cleanup && each.mode === kind.mode)
        return seriesOf(
          kind,
          of.map(({ iterations, runs }) =>
            pointOf(
              iterations,
              runs.map(({ total }) => total.metrics),
            ),
          ),
        )
      }),
    }
  },

  show({ series }) {
    const of = (mode: Mode): readonly Series[] => series.filter((each) => each.mode === mode)
    return [
      `Half of the rows can never be dropped. steady: a cycle after every ${CYCLE} deletes. backlog: all deletes, then cycles until`,
      'each row has been tried as often as the retry limit allows. Time is that of the clean-ups alone.',
      '',
      table(series),
      '',
      plotOf(of('steady'), 'attempts', ({ attempts }) => attempts),
      '',
      plotOf(of('backlog'), 'milliseconds', ({ milliseconds }) => milliseconds.median),
    ].join('\n')
  },
}

type Metrics = Readonly<Record<string, number | readonly number[]>>

function pointOf(deletes: number, runs: readonly Metrics[]): Point {
  const samples = (name: string): number[] => runs.map((metrics) => metrics[name] as number)
  return {
    deletes,
    attempts: median(samples('attempts')),
    milliseconds: figureOf(samples('milliseconds')),
    bytesHeld: median(samples('bytesHeld')),
  }
}

function seriesOf(kind: { cleanup: string; mode: Mode }, points: readonly Point[]): Series {
  return {
    ...kind,
    points,
    attemptsExponent: exponent(points, ({ attempts }) => attempts),
    timeExponent: exponent(points, ({ milliseconds }) => milliseconds.median),
  }
}

/** The slope between logarithms: 1 is linear, 2 is quadratic. */
function exponent(points: readonly Point[], cost: (point: Point) => number): number {
  return linearRegression(points.map((point) => [Math.log(point.deletes), Math.log(cost(point))])).m
}

function table(all: readonly Series[]): string {
  const figures = ['deletes', 'attempts', 'grow as', 'ms', 'grow as', 'held KB']
  return textTable(
    [{ name: 'clean-up' }, { name: 'mode' }, ...figures.map((name) => ({ name, right: true }))],
    all.flatMap((series) =>
      // The first, the middle and the last tell the growth; all are in the JSON.
      [0, POINTS / 2 - 1, POINTS - 1].map((at) => {
        const { deletes, attempts, milliseconds, bytesHeld } = series.points[at]!
        const last = at === POINTS - 1
        return [
          series.cleanup,
          series.mode,
          whole(deletes),
          whole(attempts),
          last ? `n^${series.attemptsExponent.toFixed(2)}` : '',
          withSpread(milliseconds, short),
          last ? `n^${series.timeExponent.toFixed(2)}` : '',
          whole(bytesHeld / 1024),
        ]
      }),
    ),
  )
}

function plotOf(all: readonly Series[], what: string, value: (point: Point) => number): string {
  const lines = all.map(({ cleanup: name, mode, points }) => {
    return { name: `${name}, ${mode}: ${what}`, values: points.map(value) }
  })
  const { points } = all[0]!
  return curves(lines, `${whole(points[0]!.deletes)} to ${whole(points.at(-1)!.deletes)} deletes`)
}
