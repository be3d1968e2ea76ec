/** Does the store’s memory stay what it was through ten million updates with values of varying length? */
import { whole } from '../src/lab/report/results-table.ts'
import { textTable } from '../src/terminal/text-table.ts'
import { parseGap } from '../src/stress/gap.ts'
import { type Bench, shareOf } from './harness/bench.ts'
import { type SoakMetrics, soak as load } from './loads/soak.ts'

/** Of all threads together. */
const UPDATES = 10_000_000
const THREADS = 2

/** What was found while all threads were quiet. */
interface Moment {
  /** Made by then. */
  readonly updates: number
  /** Shared memory: pages of the store that have anything in them. */
  readonly bytesInUse: number
  /** JavaScript's own, after a collection: of the thread that has most. */
  readonly heapBytes: number
  /** What `verify` found. */
  readonly problems: number
  /** Values that are not what was set last. */
  readonly wrong: number
}

interface SoakData {
  readonly workers: number
  /** What the store was allocated with. */
  readonly bytesReserved: number
  /** When all values have been at their longest and a hundredth is done; and when all is done. */
  readonly moments: readonly [first: Moment, end: Moment]
  /** Updates of sessions that nobody deletes, less the accesses that those have counted. */
  readonly lost: number
  /** Between the two moments. */
  readonly updatesPerSecond: number
}

export const soak: Bench<SoakData> = {
  name: 'soak',
  question: 'Does the store’s memory stay what it was through ten million updates with values of varying length?',

  // On one number of threads, and once: it takes long, and what is asked is no time.
  async run(options) {
    const workers = options.workers.includes(THREADS) ? THREADS : options.workers[0]!
    const iterations = shareOf(UPDATES / workers, options.share)
    options.onProgress(`soak: ${whole(workers * iterations)} updates on ${workers}`)
    const setting = { variant: 'cas', workers, iterations, seed: 1, database: load.database }
    const { total } = await options.team.run({ name: 'soak', load, gap: parseGap('none'), setting })
    const metrics = total.metrics as SoakMetrics
    const moments = [momentOf(metrics, 0), momentOf(metrics, 1)] as const
    const updates = moments[1].updates - moments[0].updates
    return {
      workers,
      bytesReserved: metrics.bytesReserved,
      moments,
      lost: total.expected! - total.actual!,
      updatesPerSecond: (1000 * updates) / metrics.milliseconds,
    }
  },

  show({ workers, bytesReserved, moments, lost, updatesPerSecond }) {
    return [
      'First each value is at its longest once, all together. From then on random keys get values of random lengths, while some',
      'sessions are deleted, cleaned up and created again. shared: pages of the store that have anything in them, of',
      `${kilobytes(bytesReserved)} KB that are reserved. heap: of the thread that has most, after a collection.`,
      '',
      table(moments),
      '',
      `Lost: ${whole(lost)} updates. ${whole(updatesPerSecond)} updates a second on ${workers} threads.`,
    ].join('\n')
  },
}

function momentOf({ updates, bytesInUse, heapBytes, problems, wrong }: SoakMetrics, at: number): Moment {
  return {
    updates: updates[at]!,
    bytesInUse: bytesInUse[at]!,
    heapBytes: heapBytes[at]!,
    problems: problems[at]!,
    wrong: wrong[at]!,
  }
}

function table(moments: readonly Moment[]): string {
  return textTable(
    ['after updates', 'shared KB', 'heap KB', 'verify', 'wrong values'].map((name) => ({ name, right: true })),
    moments.map(({ updates, bytesInUse, heapBytes, problems, wrong }) => [
      whole(updates),
      kilobytes(bytesInUse),
      kilobytes(heapBytes),
      problems === 0 ? 'clean' : `${whole(problems)} problems`,
      whole(wrong),
    ]),
  )
}

function kilobytes(bytes: number): string {
  return whole(bytes / 1024)
}
