/** What does a session cost in bytes and in time, from a thousand sessions to a million in one store? */
import { median } from 'simple-statistics'
import { short, whole } from '../src/lab/report/results-table.ts'
import { textTable } from '../src/terminal/text-table.ts'
import type { Run } from '../src/stress/team.ts'
import type { Bench } from './harness/bench.ts'
import { type Figure, figureOf, medianOnly, withSpread } from './harness/figure.ts'
import { curves } from './harness/plot.ts'
import { takeTurns } from './harness/turns.ts'
import { PAGE_BYTES } from './harness/pages.ts'
import { METADATA_BYTES, NAME_BYTES, PHASES, type Phase, growth as load } from './loads/growth.ts'

const SIZES = [1000, 10_000, 100_000, 1_000_000]
/** A quick look ends here. */
const QUICK_SIZE = 10_000

const THREADS = 2

interface Row {
  readonly sessions: number
  /** Of a session. */
  readonly bytesReserved: number
  /** Of a session: the pages that had anything in them when the store was full. */
  readonly bytesTouched: number
  readonly allocateMilliseconds: Figure
  /** An operation: the time of a phase over the operations of all threads. */
  readonly nanoseconds: { readonly [Each in Phase]: Figure }
  /** Sessions that were lost, left over or read wrong, in all repetitions: 0. */
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

/** Not the first creation: the pages that the system commits for it would flatten the others. */
const PLOTTED: readonly Phase[] = ['get', 'create', 'delete']

export const growth: Bench<GrowthData> = {
  name: 'growth',
  question: 'What does a session cost in bytes and in time, from a thousand sessions to a million in one store?',

  async run(options) {
    // One number of threads, so that only the store grows.
    const workers = options.workers.includes(THREADS) ? THREADS : options.workers[0]!
    const sizes = options.share < 1 ? SIZES.filter((size) => size <= QUICK_SIZE) : SIZES
    const entries = sizes.map((sessions) => {
      return { name: 'growth', load, variant: `${whole(sessions)} sessions`, workers, iterations: sessions }
    })
    const done = await takeTurns(entries, options)
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
      `Bytes a session, with nameBytes ${nameBytes} and metadataBytes ${metadataBytes}. Reserved: the store over the sessions that fit. Touched: its pages of ${whole(PAGE_BYTES)}`,
      `bytes with anything in them when it is full. ns an operation, on ${threads(workers)}: the time over the operations of all.`,
      'Fresh: in memory that nobody has used. Delete: with its clean-up.',
      '',
      table(rows),
      ...wrong.map(({ sessions, wrong: count }) => `WRONG: ${whole(count)} of ${whole(sessions)} sessions.`),
      '',
      plotOf(rows),
    ].join('\n')
  },
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

function plotOf(rows: readonly Row[]): string {
  const lines = PLOTTED.map((phase) => {
    return { name: `${COLUMNS[phase]}: ns`, values: rows.map(({ nanoseconds }) => nanoseconds[phase].median) }
  })
  return curves(
    lines,
    `${whole(rows[0]!.sessions)} to ${whole(rows.at(-1)!.sessions)} sessions, on a logarithmic scale`,
  )
}

function threads(count: number): string {
  return count === 1 ? 'one thread' : `${count} threads`
}
