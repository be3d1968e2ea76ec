/**
 * Updates without end, and two looks at what they have left: each thread sets keys of its own in all sessions to values of
 * varying length; now and then it deletes a session of its own, cleans up, and creates it again.
 *
 * First every value is at its longest once, all of them together, so that no session needs more than it has had by then. And
 * one session at a time goes and comes back, so that it finds the place that it left: all memory that can be needed has been
 * used, and more of it would be a leak.
 */
import { SessionManager, allocateSessionStore } from '../../src/store/index.ts'
import type { LessonLoad } from '../../src/lab/lessons/lesson.ts'
import type { LoadWorker, Metrics } from '../../src/stress/load.ts'
import { Mutex } from '../../src/sync/mutex.ts'
import { collectGarbage } from '../harness/collect-garbage.ts'
import { bytesInUse } from '../harness/pages.ts'
import { SHARED_IDS, Writer, sizeFor } from './soak-writer.ts'

/** What one thread found when all were quiet. */
interface Look {
  /** It has made so many updates by then, and so many of them to shared sessions. */
  readonly updates: number
  readonly sharedUpdates: number
  /** Values that are not what it set last. */
  readonly wrong: number
  /** Of its own heap. */
  readonly heapBytes: number
  /** Of the store. */
  readonly bytesInUse: number
  readonly problems: number
}

interface Report {
  /** After a hundredth of the updates, and at the end. */
  readonly looks: readonly [first: Look, end: Look]
  /** From the first look to the last update. */
  readonly milliseconds: number
}

/** The lists have a figure for each look. */
export interface SoakMetrics extends Metrics {
  readonly updates: readonly number[]
  readonly wrong: readonly number[]
  readonly problems: readonly number[]
  readonly heapBytes: readonly number[]
  readonly bytesInUse: readonly number[]
  readonly bytesReserved: number
  readonly milliseconds: number
}

interface Memory {
  readonly sessions: SharedArrayBuffer
  /** A mutex: held by who has a session deleted. */
  readonly turn: Int32Array
}

/** The iterations are the updates of a thread. */
export const soak: LessonLoad<Memory, Report> = {
  iterations: 5_000_000,
  gap: 'none',
  database: 'memory',

  prepare({ workers }) {
    const sessions = allocateSessionStore(sizeFor(workers))
    const manager = new SessionManager(sessions)
    for (const id of SHARED_IDS) manager.createSession('u1', 'alice', { id })
    return { sessions, turn: new Int32Array(new SharedArrayBuffer(4 * Mutex.WORDS)) }
  },

  work(memory, { iterations, seed }, hand) {
    const writer = new Writer(memory.sessions, new Mutex(memory.turn, 0), hand.index, seed)
    hand.start()
    return hand.operation(() => {
      writer.setLongest()
      hand.meet()
      writer.updateUntil(Math.round(iterations / 100))
      const first = look(memory, writer, hand)
      const began = performance.now()
      writer.updateUntil(iterations)
      const milliseconds = performance.now() - began
      return { looks: [first, look(memory, writer, hand)], milliseconds }
    })
  },

  judge({ sessions }, _, reports) {
    const atEach = (of: (look: Look) => number, join: (...all: number[]) => number): number[] =>
      [0, 1].map((moment) => join(...reports.map(({ looks }) => of(looks[moment]!))))
    const updates = atEach((each) => each.updates, sum)
    const wrong = atEach((each) => each.wrong, sum)
    const problems = atEach((each) => each.problems, Math.max)
    const expected = atEach((each) => each.sharedUpdates, sum)[1]!
    const manager = new SessionManager(sessions)
    const actual = sum(...SHARED_IDS.map((id) => manager.getSession(id)!.accessCount))
    return {
      expected,
      actual,
      violations: Math.abs(expected - actual) + sum(...wrong, ...problems),
      metrics: {
        updates,
        wrong,
        problems,
        heapBytes: atEach((each) => each.heapBytes, Math.max),
        bytesInUse: atEach((each) => each.bytesInUse, Math.max),
        bytesReserved: sessions.byteLength,
        milliseconds: Math.max(...reports.map(({ milliseconds }) => milliseconds)),
      } satisfies SoakMetrics,
    }
  },
}

/** To be called by all threads at once. */
function look({ sessions }: Memory, writer: Writer, hand: LoadWorker): Look {
  hand.meet()
  collectGarbage()
  const found = {
    updates: writer.updates,
    sharedUpdates: writer.sharedUpdates,
    heapBytes: process.memoryUsage().heapUsed,
    bytesInUse: bytesInUse(sessions),
    problems: new SessionManager(sessions).verify().length,
    wrong: writer.countWrong(),
  }
  hand.meet()
  return found
}

function sum(...numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
