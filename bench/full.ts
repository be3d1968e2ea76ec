/** What does a visitor cost that finds the store for express-session full? */
import { loadPackages } from '../src/lab/requests/packages.ts'
import { short, whole } from '../src/terminal/figures.ts'
import { textTable } from '../src/terminal/text-table.ts'
import { shareOf } from './harness/bench.ts'
import type { Bench } from './harness/bench.ts'
import { figureOf, withSpread } from './harness/figure.ts'
import type { Figure } from './harness/figure.ts'
import { inTurns } from './harness/turns.ts'
import type { Call } from './loads/full.ts'

const SESSIONS = 1_000_000
const COUNT = 10_000

interface Row {
  readonly call: Call
  /** Microseconds. */
  readonly mean: Figure
  readonly p99: Figure
}

interface FullData {
  readonly sessions: number
  /** How many calls were timed in each repetition. */
  readonly count: number
  readonly rows: readonly Row[]
  readonly wrong: number
}

export const full: Bench<FullData> = {
  name: 'full',
  question: 'What does a visitor cost that finds the store for express-session full?',

  async run({ share, repetitions, onProgress }) {
    await loadPackages()
    const { CALLS, FullStore } = await import('./loads/full.ts')
    const sessions = shareOf(SESSIONS, share)
    const count = Math.min(COUNT, Math.floor(sessions / 10 / (repetitions + 1)))
    onProgress(`full: ${whole(sessions)} sessions`)
    const store = new FullStore(sessions)
    const subjects = CALLS.map((call) => ({ call }))
    const runOne = ({ call }: { readonly call: Call }, repetition: number) => {
      onProgress(`full: ${call} (repetition ${repetition} of ${repetitions})`)
      return store.time(call, count)
    }
    // The first turn compiles the code.
    await inTurns(subjects, 1, runOne)
    const done = await inTurns(subjects, repetitions, runOne)
    const rows = done.map(({ call, runs }) => {
      return { call, mean: figureOf(runs.map(({ mean }) => mean)), p99: figureOf(runs.map(({ p99 }) => p99)) }
    })
    return { sessions, count, rows, wrong: store.wrong }
  },

  show({ sessions, count, rows, wrong }) {
    return [
      `A store that is full of ${whole(sessions)} sessions, a tenth of them of users who have logged in. µs a call on one thread, until it returns:`,
      `the mean and the 99th percentile of ${whole(count)} calls.`,
      '',
      textTable(
        [{ name: 'call' }, { name: 'mean', right: true }, { name: 'p99', right: true }],
        rows.map(({ call, mean, p99 }) => [call, withSpread(mean, short), withSpread(p99, short)]),
      ),
      ...(wrong > 0 ? [`WRONG: ${whole(wrong)} calls.`] : []),
    ].join('\n')
  },

  timings: ({ rows }) => rows.flatMap(({ mean, p99 }) => [mean, p99]),
}
