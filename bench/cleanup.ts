/** How does the cost of clean-up grow with the number of deletes, and how much memory does it keep? */
import { linearRegression, median } from 'simple-statistics'
import { short, whole } from '../src/terminal/figures.ts'
import { textTable } from '../src/terminal/text-table.ts'
import { shareOf } from './harness/bench.ts'
import type { Bench } from './harness/bench.ts'
import { figureOf, withSpread } from './harness/figure.ts'
import type { Figure } from './harness/figure.ts'
import type { Plot } from './harness/plot.ts'
import { textPlot } from './harness/text-plot.ts'
import { takeTurns } from './harness/turns.ts'
import { CAPACITY, CLEANUPS, CYCLE, MODES, cleanup as load } from './loads/cleanup.ts'
import type { Mode } from './loads/cleanup.ts'

const POINTS = 8

interface Point {
  readonly deletes: number
  readonly attempts: number
  /** The time of the clean-ups, without the deletes. */
  readonly milliseconds: Figure
  readonly bytesHeld: number
}

interface Series {
  readonly cleanup: string
  readonly mode: Mode
  readonly points: readonly Point[]
  /** Attempts grow as the number of deletes to the power of `attemptsExponent`, time to the power of `timeExponent`. */
  readonly attemptsExponent: number
  readonly timeExponent: number
}

interface CleanupData {
  readonly series: readonly Series[]
}

export const cleanup: Bench<CleanupData> = {
  name: 'cleanup',
  question: 'How does the cost of clean-up grow with the number of deletes, and how much memory does it keep?',

  async run(options) {
    // A quick run has whole cycles as well.
    const step = CYCLE * shareOf(CAPACITY / POINTS / CYCLE, options.share)
    const kinds = MODES.flatMap((mode) => CLEANUPS.map((each) => ({ cleanup: each, mode })))
    const subjects = kinds.flatMap((kind) =>
      Array.from({ length: POINTS }, (_, index) => {
        const variant = `${kind.cleanup}/${kind.mode}`
        return { ...kind, name: 'cleanup', load, variant, workers: 1, iterations: step * (index + 1) }
      }),
    )
    const done = await takeTurns(subjects, options)
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
    return [
      `The database refuses to delete half of the rows. steady: a clean-up after every ${CYCLE} deletes. backlog: all deletes, then`,
      'clean-ups until each row was tried as often as the retry limit allows. ms: the time of the clean-ups, without the deletes.',
      '',
      table(series),
      ...plots(series).map((plot) => `\n${textPlot(plot)}`),
    ].join('\n')
  },

  timings: ({ series }) => series.flatMap(({ points }) => points.map(({ milliseconds }) => milliseconds)),

  plots: ({ series }) => plots(series),
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

/** Returns the slope of the cost over the deletes, both as logarithms: 1 means linear growth, 2 quadratic growth. */
function exponent(points: readonly Point[], cost: (point: Point) => number): number {
  return linearRegression(points.map((point) => [Math.log(point.deletes), Math.log(cost(point))])).m
}

function table(all: readonly Series[]): string {
  const figures = ['deletes', 'attempts', 'grow as', 'ms', 'grows as', 'kept KB']
  return textTable(
    [{ name: 'clean-up' }, { name: 'mode' }, ...figures.map((name) => ({ name, right: true }))],
    all.flatMap((series) =>
      // Three points show the growth. The plots and the JSON have all of them.
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

function plots(all: readonly Series[]): Plot[] {
  const plot = (mode: Mode, title: string, y: Plot['y'], value: (point: Point) => Figure): Plot => {
    const series = all.filter((each) => each.mode === mode)
    return {
      title,
      x: { title: 'deleted sessions' },
      y,
      series: series.map(({ cleanup: name, points }) => {
        return { name, points: points.map((point) => ({ x: point.deletes, y: value(point) })) }
      }),
    }
  }
  return [
    plot(
      'steady',
      `Attempts to delete rows, with a clean-up after every ${CYCLE} deletes`,
      { title: 'attempts' },
      ({ attempts }) => figureOf([attempts]),
    ),
    plot(
      'backlog',
      'Time of the clean-ups after all deletes',
      { title: 'time', unit: 'ms' },
      ({ milliseconds }) => milliseconds,
    ),
  ]
}
