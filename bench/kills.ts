/** What becomes of a store whose threads are killed? */
import { whole } from '../src/terminal/figures.ts'
import { shareOf } from './harness/bench.ts'
import type { Bench } from './harness/bench.ts'
import { POOL, SESSIONS } from './loads/kills-log.ts'
import { killThreads } from './loads/kills.ts'
import type { Kills } from './loads/kills.ts'

const KILLS = 10_000
/** One thread that goes on while others are killed. */
const SURVIVORS = 1

export const kills: Bench<Kills> = {
  name: 'kills',
  question: 'What becomes of a store whose threads are killed?',

  run: ({ share, onProgress }) =>
    killThreads({
      kills: shareOf(KILLS, share),
      survivors: SURVIVORS,
      onProgress: (kill) => kill % 100 === 0 && onProgress(`kills: ${whole(kill)} so far`),
    }),

  show({ kills, inside, mended, blocked, lost, problems, longest }) {
    return [
      `A thread is killed with worker.terminate() while it and another one change the same ${SESSIONS} sessions, and create and delete`,
      `${POOL} more. Then it is recovered, the other one comes to the end of its operation, and all sessions are checked and verified.`,
      '',
      `${whole(kills)} kills, ${whole(inside)} of them inside an operation`,
      `recovered: ${whole(mended.completed)} operations completed, ${whole(mended.undone)} undone, ${whole(mended.requeued)} clean-ups to be done again`,
      `blocked: ${whole(blocked)}   lost: ${whole(lost)}   problems of verify: ${whole(problems.length)}`,
      `longest time from a thread's exit until the other one had ended its operation: ${longest.toFixed(1)} ms`,
    ].join('\n')
  },

  timings: () => [],
}
