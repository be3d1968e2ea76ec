/** What does each primitive cost, compared with raw atomics, on one thread and on several? */
import { textTable } from '../src/terminal/text-table.ts'
import { short } from '../src/terminal/figures.ts'
import { shareOf } from './harness/bench.ts'
import type { Bench } from './harness/bench.ts'
import { figureOf, withSpread } from './harness/figure.ts'
import type { Figure } from './harness/figure.ts'
import { takeTurns } from './harness/turns.ts'
import { BATCH } from './loads/primitive-loop.ts'
import { meetings } from './loads/meetings.ts'
import { primitiveLoops, primitives as load } from './loads/primitives.ts'
import type { PrimitiveName } from './loads/primitives.ts'

/** The limit for a mutex is twice the time of these three operations. */
const THREE_RAW: PrimitiveName = 'raw load, compareExchange, store'
const MUTEX: PrimitiveName = 'Mutex lock, unlock'

/** In these primitives one operation takes all threads. In the others each thread does operations of its own. */
const TOGETHER: ReadonlySet<string> = new Set<PrimitiveName>(['Barrier arriveAndWait', 'StartGate new, arrive'])

interface Row {
  readonly primitive: string
  readonly workers: number
  readonly nanoseconds: Figure
}

interface PrimitivesData {
  readonly rows: readonly Row[]
  /**
   * The time of mutex lock and unlock, divided by that of three raw atomic operations, on one thread and within the same
   * repetition. Null when one thread was not measured.
   */
  readonly mutexOverThreeRaw: Figure | null
}

export const primitives: Bench<PrimitivesData> = {
  name: 'primitives',
  question: 'What does each primitive cost, compared with raw atomics, on one thread and on several?',

  async run(options) {
    const subjects = options.workers.flatMap((workers) =>
      Object.keys(primitiveLoops).map((variant) => {
        return { name: 'primitives', load, variant, workers, iterations: batchesOf(variant, workers, options.share) }
      }),
    )
    const done = await takeTurns(subjects, options)
    const rows = done.map(({ variant, workers, iterations, runs }) => {
      const operations = iterations * BATCH * (TOGETHER.has(variant) ? 1 : workers)
      return {
        primitive: variant,
        workers,
        samples: runs.map(({ milliseconds }) => (1e6 * milliseconds) / operations),
      }
    })
    const alone = (name: PrimitiveName): readonly number[] | undefined =>
      rows.find(({ primitive, workers }) => primitive === name && workers === 1)?.samples
    const raw = alone(THREE_RAW)
    const ratios = alone(MUTEX)?.map((nanoseconds, repetition) => nanoseconds / raw![repetition]!)
    return {
      rows: rows.map(({ primitive, workers, samples }) => {
        return { primitive, workers, nanoseconds: figureOf(samples) }
      }),
      mutexOverThreeRaw: ratios ? figureOf(ratios) : null,
    }
  },

  show({ rows, mutexOverThreeRaw }) {
    const counts = [...new Set(rows.map(({ workers }) => workers))]
    const table = textTable(
      [{ name: 'ns an operation' }, ...counts.map((count) => ({ name: threads(count), right: true }))],
      Object.keys(primitiveLoops).map((name) =>
        [name].concat(
          rows.filter(({ primitive }) => primitive === name).map(({ nanoseconds }) => withSpread(nanoseconds, short)),
        ),
      ),
    )
    return [table, ...(mutexOverThreeRaw ? ['', ratioLine(mutexOverThreeRaw)] : [])].join('\n')
  },

  timings: ({ rows }) => rows.map(({ nanoseconds }) => nanoseconds),
}

/** Enough batches for the threads to contend. Few where each operation wakes a thread: that costs a hundred atomic operations. */
function batchesOf(primitive: string, workers: number, share: number): number {
  return workers > 1 && primitive in meetings ? shareOf(2, share) : shareOf(1000 / workers, share)
}

function ratioLine(ratio: Figure): string {
  const { median, low, high } = ratio
  const verdict = median <= 2 ? 'within the limit of 2' : 'OVER THE LIMIT OF 2'
  return (
    `On one thread a mutex costs ${median.toFixed(2)} times three raw atomic operations ` +
    `(${low.toFixed(2)} to ${high.toFixed(2)}): ${verdict}.`
  )
}

function threads(count: number): string {
  return count === 1 ? 'one thread' : `${count} threads`
}
