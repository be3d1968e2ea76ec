/** Does the store use more memory after ten million updates with values of varying length? */
import { whole } from '../src/terminal/figures.ts'
import { textTable } from '../src/terminal/text-table.ts'
import { parseGap } from '../src/stress/gap.ts'
import { shareOf } from './harness/bench.ts'
import type { Bench } from './harness/bench.ts'
import { soak as load } from './loads/soak.ts'
import type { SoakMetrics } from './loads/soak.ts'

/** The sum over all threads. */
const UPDATES = 10_000_000
const THREADS = 2

/** What was found while no thread was updating. */
interface Moment {
  /** Updates made so far. */
  readonly updates: number
  /** Bytes of the store’s pages that hold a word other than 0. */
  readonly bytesInUse: number
  /** The JavaScript heap after a garbage collection, of the thread with the largest one. */
  readonly heapBytes: number
  /** The number of problems that `verify` found. */
  readonly problems: number
  /** Values that differ from the value that was set last. */
  readonly wrong: number
}

interface SoakData {
  readonly workers: number
  /** The size of the store. */
  readonly bytesReserved: number
  /** After a hundredth of the updates, when every value has been at its longest once; and after the last update. */
  readonly moments: readonly [first: Moment, end: Moment]
  /** Updates of the sessions that are never deleted, minus the accesses that these sessions counted. */
  readonly lost: number
  /** Between the two moments. */
  readonly updatesPerSecond: number
}

export const soak: Bench<SoakData> = {
  name: 'soak',
  question: 'Does the store use more memory after ten million updates with values of varying length?',

  // One number of threads and one repetition: the run is long, and the question is not about time.
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
      'First all values are set to their longest. Then random keys get values of random lengths, while some sessions are deleted,',
      `cleaned up and created again. shared: the pages of the store in use, of ${kilobytes(bytesReserved)} KB that are reserved. heap: the JavaScript heap`,
      'of the thread with the largest one, after a garbage collection.',
      '',
      table(moments),
      '',
      `Lost: ${whole(lost)} updates. ${whole(updatesPerSecond)} updates a second on ${workers} threads.`,
    ].join('\n')
  },

  // It is measured once, so it has no spread.
  timings: () => [],
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
