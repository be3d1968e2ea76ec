/** What does each primitive cost against raw atomics, alone and contended? */
import { textTable } from '../src/terminal/text-table.ts'
import { short } from '../src/lab/report/results-table.ts'
import { type Bench, shareOf } from './harness/bench.ts'
import { type Figure, figureOf, withSpread } from './harness/figure.ts'
import { takeTurns } from './harness/turns.ts'
import { BATCH } from './loads/contestant.ts'
import { meetings } from './loads/meetings.ts'
import { type ContestantName, contestants, primitives as load } from './loads/primitives.ts'

/** What "no more than twice three raw atomic operations" is measured against. */
const THREE_RAW: ContestantName = 'raw load, compareExchange, store'
const MUTEX: ContestantName = 'Mutex lock, unlock'

/** In these all threads do one operation together; in the others each does its own. */
const TOGETHER: ReadonlySet<string> = new Set<ContestantName>(['Barrier arriveAndWait', 'StartGate new, arrive'])

interface Row {
  readonly contestant: string
  readonly workers: number
  readonly nanoseconds: Figure
}

interface PrimitivesData {
  readonly rows: readonly Row[]
  /** Mutex lock and unlock over three raw atomic operations, both alone and in one repetition; null when not asked. */
  readonly mutexOverThreeRaw: Figure | null
}

export const primitives: Bench<PrimitivesData> = {
  name: 'primitives',
  question: 'What does each primitive cost against raw atomics, alone and contended?',

  async run(options) {
    const entries = options.workers.flatMap((workers) =>
      Object.keys(contestants).map((variant) => {
        return { name: 'primitives', load, variant, workers, iterations: batchesOf(variant, workers, options.share) }
      }),
    )
    const done = await takeTurns(entries, options)
    const rows = done.map(({ variant, workers, iterations, runs }) => {
      const operations = iterations * BATCH * (TOGETHER.has(variant) ? 1 : workers)
      return {
        contestant: variant,
        workers,
        samples: runs.map(({ milliseconds }) => (1e6 * milliseconds) / operations),
      }
    })
    const alone = (name: ContestantName): readonly number[] | undefined =>
      rows.find(({ contestant, workers }) => contestant === name && workers === 1)?.samples
    const raw = alone(THREE_RAW)
    const ratios = alone(MUTEX)?.map((nanoseconds, repetition) => nanoseconds / raw![repetition]!)
    return {
      rows: rows.map(({ contestant, workers, samples }) => {
        return { contestant, workers, nanoseconds: figureOf(samples) }
      }),
      mutexOverThreeRaw: ratios ? figureOf(ratios) : null,
    }
  },

  show({ rows, mutexOverThreeRaw }) {
    const counts = [...new Set(rows.map(({ workers }) => workers))]
    const table = textTable(
      [{ name: 'ns an operation' }, ...counts.map((count) => ({ name: threads(count), right: true }))],
      Object.keys(contestants).map((name) =>
        [name].concat(
          rows.filter(({ contestant }) => contestant === name).map(({ nanoseconds }) => withSpread(nanoseconds, short)),
        ),
      ),
    )
    return [table, ...(mutexOverThreeRaw ? ['', ratioLine(mutexOverThreeRaw)] : [])].join('\n')
  },
}

/** As long as the threads take to come into each other’s way; but waking one costs a hundred atomic operations. */
function batchesOf(contestant: string, workers: number, share: number): number {
  return workers > 1 && contestant in meetings ? shareOf(2, share) : shareOf(1000 / workers, share)
}

function ratioLine(ratio: Figure): string {
  const { median, low, high } = ratio
  const verdict = median <= 2 ? 'within the limit of 2' : 'OVER THE LIMIT OF 2'
  return (
    `A mutex alone costs ${median.toFixed(2)} times three raw atomic operations ` +
    `(${low.toFixed(2)} to ${high.toFixed(2)}): ${verdict}.`
  )
}

function threads(count: number): string {
  return count === 1 ? 'alone' : `${count} threads`
}
