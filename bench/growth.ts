/** What does a session cost in bytes and in time, from a thousand sessions to a million in one store? */
import { median } from 'simple-statistics'
import { short, whole } from '../src/terminal/figures.ts'
import { textTable } from '../src/terminal/text-table.ts'
import type { Run } from '../src/stress/run-load.ts'
import type { Bench } from './harness/bench.ts'
import { figureOf, medianOnly, withSpread } from './harness/figure.ts'
import type { Figure } from './harness/figure.ts'
import type { Plot } from './harness/plot.ts'
import { textPlot } from './harness/text-plot.ts'
import { takeTurns } from './harness/turns.ts'
import { PAGE_BYTES } from './harness/pages.ts'
import { METADATA_BYTES, NAME_BYTES, PHASES, growth as load } from './loads/growth.ts'
import type { Phase } from './loads/growth.ts'

const SIZES = [1000, 10_000, 100_000, 1_000_000]
/** The largest size of a quick run. */
const QUICK_SIZE = 10_000

const THREADS = 2

interface Row {
  readonly sessions: number
  /** Bytes of the store, divided by the sessions that fit. */
  readonly bytesReserved: number
  /** Bytes of the pages in use when the store is full, divided by the sessions. */
  readonly bytesTouched: number
  readonly allocateMilliseconds: Figure
  /** Nanoseconds of one operation: the time of a phase, divided by the operations of all threads. */
  readonly nanoseconds: { readonly [Each in Phase]: Figure }
  /** Sessions that were lost, left over or read wrong, in all repetitions. It must be 0. */
  readonly wrong: number
}

interface GrowthData {
  readonly workers: number
  readonly nameBytes: number
  readonly metadataBytes: number
  readonly rows: readonly Row[]
}

const COLUMNS: { readonly [Each in Phase]: string } = {
  fill: 'create, fresh',
  increment: 'increment',
  set: 'set a key',
  get: 'get',
  delete: 'delete',
  create: 'create, again',
}

/** Without `fill`, which is much slower because the system commits each page at its first write. */
const PLOTTED: readonly Phase[] = ['get', 'create', 'delete']

export const growth: Bench<GrowthData> = {
  name: 'growth',
  question: 'What does a session cost in bytes and in time, from a thousand sessions to a million in one store?',

  async run(options) {
    // One number of threads, so that the size of the store is the only difference.
    const workers = options.workers.includes(THREADS) ? THREADS : options.workers[0]!
    const sizes = options.share < 1 ? SIZES.filter((size) => size <= QUICK_SIZE) : SIZES
    const subjects = sizes.map((sessions) => {
      return { name: 'growth', load, variant: `${whole(sessions)} sessions`, workers, iterations: sessions }
    })
    const done = await takeTurns(subjects, options)
    return {
      workers,
      nameBytes: NAME_BYTES,
      metadataBytes: METADATA_BYTES,
      rows: done.map(({ iterations, runs }) => rowOf(iterations, runs)),
    }
  },

  show({ workers, nameBytes, metadataBytes, rows }) {
    const wrong = rows.filter((row) => row.wrong > 0)
    return [
      `Bytes of one session, with nameBytes ${nameBytes} and metadataBytes ${metadataBytes}. Reserved: the size of the store, divided by its capacity.`,
      `Touched: its pages of ${whole(PAGE_BYTES)} bytes that are in use when it is full. The other columns are ns an operation, on ${threads(workers)}:`,
      'the time divided by the operations of all threads. Fresh: the memory was never used before. Delete: with its clean-up.',
      '',
      table(rows),
      ...wrong.map(({ sessions, wrong: count }) => `WRONG: ${whole(count)} of ${whole(sessions)} sessions.`),
      '',
      textPlot(plotOf(rows, workers)),
    ].join('\n')
  },

  timings: ({ rows }) => rows.flatMap(({ nanoseconds }) => Object.values(nanoseconds)),

  plots: ({ rows, workers }) => [plotOf(rows, workers)],
}

function rowOf(sessions: number, runs: readonly Run[]): Row {
  const samples = (name: string): number[] => runs.map(({ total }) => total.metrics[name] as number)
  const nanoseconds = PHASES.map((phase) => [phase, figureOf(samples(phase))] as const)
  return {
    sessions,
    bytesReserved: median(samples('bytesReserved')),
    bytesTouched: median(samples('bytesTouched')),
    allocateMilliseconds: figureOf(samples('allocateMilliseconds')),
    nanoseconds: Object.fromEntries(nanoseconds) as Row['nanoseconds'],
    wrong: runs.reduce((sum, { total }) => sum + total.violations, 0),
  }
}

function table(rows: readonly Row[]): string {
  const names = ['sessions', 'reserved', 'touched', 'allocate ms', ...PHASES.map((phase) => COLUMNS[phase])]
  return textTable(
    names.map((name) => ({ name, right: true })),
    rows.map(({ sessions, bytesReserved, bytesTouched, allocateMilliseconds, nanoseconds }) => [
      whole(sessions),
      whole(bytesReserved),
      whole(bytesTouched),
      medianOnly(allocateMilliseconds),
      ...PHASES.map((phase) => withSpread(nanoseconds[phase], short)),
    ]),
  )
}

function plotOf(rows: readonly Row[], workers: number): Plot {
  return {
    title: `Time of one operation against the size of the store, on ${threads(workers)}`,
    x: { title: 'sessions in the store', logarithmic: true },
    y: { title: 'time of one operation', unit: 'ns' },
    series: PLOTTED.map((phase) => {
      const points = rows.map(({ sessions, nanoseconds }) => ({ x: sessions, y: nanoseconds[phase] }))
      return { name: COLUMNS[phase], points }
    }),
  }
}

function threads(count: number): string {
  return count === 1 ? 'one thread' : `${count} threads`
}
