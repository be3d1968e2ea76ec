/**
 * Updates whose total is known. Each worker sets its own metadata key again and again, and each update counts one access. The
 * sound variants lose no update. The buggy variant loses some; it runs as it is, and with retries by its caller in two ways,
 * which repeat updates until the total is right.
 */
import type { LessonLoad, LessonSetting } from '../../src/lab/lessons/lesson.ts'
import type { LoadWorker } from '../../src/stress/load.ts'
import { createSession } from '../../src/store/operations/create-session.ts'
import { allocateLabStore } from '../../src/lab/variants/lab-memory.ts'
import type { LabMemory } from '../../src/lab/variants/lab-memory.ts'
import { storeOf } from '../../src/lab/variants/open.ts'
import { LabStore } from '../../src/lab/variants/lab-store.ts'
import { updateSession } from '../../src/lab/variants/update-session.ts'
import type { UpdateSession } from '../../src/lab/variants/update-session.ts'
import { Barrier } from '../../src/sync/barrier.ts'

const SESSION = 'updated-session'
const WARM_UP = 300

export const SOUND = ['write-lock', 'mutex', 'cas'] as const
/** The buggy update without retries. */
export const UNCHECKED = 'buggy'
/** The caller reads its key after each update and repeats the update until the key has its value. Then it retries as IN_ROUNDS does. */
export const AT_ONCE = 'buggy, retried at once'
/** The callers read the total when all updates are done, and repeat as many as are missing, until the total is right. */
export const IN_ROUNDS = 'buggy, retried in rounds'
export const RETRIED = [AT_ONCE, IN_ROUNDS] as const

interface Memory {
  readonly sessions: LabMemory
  readonly barrier: Int32Array
}

interface Report {
  /** Updates that were made, with the repeated ones. */
  readonly attempts: number
  /** How often the total was too small. */
  readonly rounds: number
}

export const retryCost: LessonLoad<Memory, Report> = {
  iterations: 40_000,
  gap: 'none',
  database: 'memory',

  prepare({ workers }) {
    // A key and its value need at most 32 bytes.
    const sessions = allocateLabStore({ capacity: workers + 1, metadataBytes: workers * 32 })
    const store = new LabStore(sessions)
    createSession(store, undefined, 'u1', 'alice', { id: SESSION })
    for (let worker = 0; worker < workers; worker++)
      createSession(store, undefined, 'u1', 'alice', { id: warmUpOf(worker) })
    return { sessions, barrier: new Int32Array(new SharedArrayBuffer(4 * Barrier.WORDS)) }
  },

  work({ sessions, barrier }, setting, worker) {
    const store = storeOf(worker, sessions)
    const update = updateOf(setting.variant)
    const key = `key ${worker.index}`
    for (let i = 0; i < WARM_UP; i++) update(store, warmUpOf(worker.index), key, `${i}`)
    worker.start()
    let attempts = 0
    for (let i = 0; i < setting.iterations; i++) {
      const value = `${i}`
      worker.operation(() => {
        do {
          update(store, SESSION, key, value)
          attempts++
        } while (setting.variant === AT_ONCE && store.read(SESSION).metadata.get(key) !== value)
      })
    }
    if (!isRetried(setting.variant)) return { attempts, rounds: 0 }
    const retry = (): void => update(store, SESSION, key, 'retried')
    const done = retryMissing(store, new Barrier(barrier, 0, setting.workers), setting, worker, retry)
    return { attempts: attempts + done.attempts, rounds: done.rounds }
  },

  judge({ sessions }, { workers, iterations }, reports) {
    const expected = workers * iterations
    const actual = new LabStore(sessions).read(SESSION).accessCount
    const attempts = reports.reduce((sum, each) => sum + each.attempts, 0)
    const rounds = reports[0]?.rounds ?? 0
    return { expected, actual, violations: Math.abs(expected - actual), metrics: { attempts, rounds } }
  },
}

/** Divides the missing updates among the workers until none is missing. It ends, because a single worker loses no update. */
function retryMissing(
  store: LabStore,
  barrier: Barrier,
  setting: LessonSetting,
  worker: LoadWorker,
  retry: () => void,
): Report {
  const { workers, iterations } = setting
  for (let rounds = 0, attempts = 0; ; rounds++) {
    barrier.arriveAndWait()
    const missing = workers * iterations - store.read(SESSION).accessCount
    // No worker updates before all have read the total.
    barrier.arriveAndWait()
    if (missing <= 0) return { attempts, rounds }
    const share = Math.floor(missing / workers) + (worker.index < missing % workers ? 1 : 0)
    for (let i = 0; i < share; i++) worker.operation(retry)
    attempts += share
  }
}

function updateOf(variant: string): UpdateSession {
  return updateSession[isRetried(variant) ? UNCHECKED : (variant as keyof typeof updateSession)]
}

function isRetried(variant: string): boolean {
  return RETRIED.some((retried) => retried === variant)
}

function warmUpOf(worker: number): string {
  return `warm-up ${worker}`
}
