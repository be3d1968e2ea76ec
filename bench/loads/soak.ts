/**
 * A long run of updates, and two inspections of the memory. Each thread sets its own keys in all sessions to values of varying
 * length. At times it deletes one of its own sessions, cleans up, and creates the session again.
 *
 * At first all values are set to their longest, so no session needs more memory later. Only one session at a time is deleted, so
 * its successor finds the slot that it left. After the first inspection any further use of memory is therefore a leak.
 */
import { SessionManager, allocateSessionStore } from '../../src/store/index.ts'
import type { LessonLoad } from '../../src/lab/lessons/bug.ts'
import type { LoadWorker, Metrics } from '../../src/stress/load.ts'
import { Mutex } from '../../src/sync/mutex.ts'
import { collectGarbage } from '../harness/collect-garbage.ts'
import { bytesInUse } from '../harness/pages.ts'
import { SHARED_IDS, Writer, sizeFor } from './soak-writer.ts'

/** What one thread found while no thread was updating. */
interface Inspection {
  /** The updates that the thread has made so far; `sharedUpdates` of them changed shared sessions. */
  readonly updates: number
  readonly sharedUpdates: number
  /** Values that differ from the value that the thread set last. */
  readonly wrong: number
  /** The size of the thread's JavaScript heap. */
  readonly heapBytes: number
  /** The store's memory in use; see `bytesInUse` in pages.ts. */
  readonly bytesInUse: number
  readonly problems: number
}

interface Report {
  /** After a hundredth of the updates, and at the end. */
  readonly inspections: readonly [first: Inspection, end: Inspection]
  /** From the first inspection to the last update. */
  readonly milliseconds: number
}

/** The lists have one number for each inspection. */
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
  /** The words of a mutex: a thread holds it while one of its sessions is deleted. */
  readonly deletion: Int32Array
}

/** The iterations are the updates of each thread. */
export const soak: LessonLoad<Memory, Report> = {
  iterations: 5_000_000,
  gap: 'none',
  database: 'memory',

  prepare({ workers }) {
    const sessions = allocateSessionStore(sizeFor(workers))
    const manager = new SessionManager(sessions)
    for (const id of SHARED_IDS) manager.createSession('u1', 'alice', { id })
    return { sessions, deletion: new Int32Array(new SharedArrayBuffer(4 * Mutex.WORDS)) }
  },

  work(memory, { iterations, seed }, worker) {
    const writer = new Writer(memory.sessions, new Mutex(memory.deletion, 0), worker.index, seed)
    worker.start()
    return worker.operation(() => {
      writer.setLongest()
      worker.meet()
      writer.updateUntil(Math.round(iterations / 100))
      const first = inspect(memory, writer, worker)
      const began = performance.now()
      writer.updateUntil(iterations)
      const milliseconds = performance.now() - began
      return { inspections: [first, inspect(memory, writer, worker)], milliseconds }
    })
  },

  judge({ sessions }, _, reports) {
    const atEach = (of: (inspection: Inspection) => number, join: (...all: number[]) => number): number[] =>
      [0, 1].map((moment) => join(...reports.map(({ inspections }) => of(inspections[moment]!))))
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

/** All threads must call it, because each waits for the others before and after. */
function inspect({ sessions }: Memory, writer: Writer, worker: LoadWorker): Inspection {
  worker.meet()
  collectGarbage()
  const found = {
    updates: writer.updates,
    sharedUpdates: writer.sharedUpdates,
    heapBytes: process.memoryUsage().heapUsed,
    bytesInUse: bytesInUse(sessions),
    problems: new SessionManager(sessions).verify().length,
    wrong: writer.countWrong(),
  }
  worker.meet()
  return found
}

function sum(...numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
