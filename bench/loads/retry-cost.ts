/**
 * Updates that must all count in the end: the sound variants, which lose none; the buggy one as it is, which does; and the
 * buggy one repaired from outside, in the two ways a caller has. Every worker sets a metadata key of its own, again and
 * again, and each update counts one access; the right total is known.
 */
import type { LessonLoad, LessonSetting } from '../../src/lab/lessons/lesson.ts'
import type { LoadWorker } from '../../src/stress/load.ts'
import { createSession } from '../../src/store/operations/create-session.ts'
import { type LabMemory, allocateLabStore } from '../../src/lab/variants/lab-memory.ts'
import { storeOf } from '../../src/lab/variants/open.ts'
import { LabStore } from '../../src/lab/variants/lab-store.ts'
import { type UpdateSession, updateSession } from '../../src/lab/variants/update-session.ts'
import { Barrier } from '../../src/sync/barrier.ts'

const SESSION = 'updated-session'
const WARM_UP = 300

export const SOUND = ['write-lock', 'mutex', 'cas'] as const
/** The buggy update, as it is. */
export const UNCHECKED = 'buggy'
/** Read back after every update, and done again until the own key is seen to hold; what the total still lacks, in rounds. */
export const AT_ONCE = 'buggy, redone at once'
/** The total is looked at when all are done, and what is missing is done again, until it is right. */
export const IN_ROUNDS = 'buggy, redone in rounds'
export const RETRIED = [AT_ONCE, IN_ROUNDS] as const

interface Memory {
  readonly sessions: LabMemory
  readonly barrier: Int32Array
}

interface Report {
  /** How many updates were made, those done again included. */
  readonly attempts: number
  /** How often the total was found too small. */
  readonly rounds: number
}

export const retryCost: LessonLoad<Memory, Report> = {
  iterations: 40_000,
  gap: 'none',
  database: 'memory',

  prepare({ workers }) {
    // A key with its value takes at most 32 bytes.
    const sessions = allocateLabStore({ capacity: workers + 1, metadataBytes: workers * 32 })
    const store = new LabStore(sessions)
    createSession(store, undefined, 'u1', 'alice', { id: SESSION })
    for (let worker = 0; worker < workers; worker++)
      createSession(store, undefined, 'u1', 'alice', { id: warmUpOf(worker) })
    return { sessions, barrier: new Int32Array(new SharedArrayBuffer(4 * Barrier.WORDS)) }
  },

  work({ sessions, barrier }, setting, hand) {
    const store = storeOf(hand, sessions)
    const update = updateOf(setting.variant)
    const key = `key ${hand.index}`
    for (let i = 0; i < WARM_UP; i++) update(store, warmUpOf(hand.index), key, `${i}`)
    hand.start()
    let attempts = 0
    for (let i = 0; i < setting.iterations; i++) {
      const value = `${i}`
      hand.operation(() => {
        do {
          update(store, SESSION, key, value)
          attempts++
        } while (setting.variant === AT_ONCE && store.read(SESSION).metadata.get(key) !== value)
      })
    }
    if (!isRetried(setting.variant)) return { attempts, rounds: 0 }
    const redo = (): void => update(store, SESSION, key, 'redone')
    const done = redoMissing(store, new Barrier(barrier, 0, setting.workers), setting, hand, redo)
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

/** Shares what the total lacks among the workers, until it lacks nothing. One worker alone loses nothing, so that it ends. */
function redoMissing(
  store: LabStore,
  barrier: Barrier,
  setting: LessonSetting,
  hand: LoadWorker,
  redo: () => void,
): Report {
  const { workers, iterations } = setting
  for (let rounds = 0, attempts = 0; ; rounds++) {
    barrier.arriveAndWait()
    const missing = workers * iterations - store.read(SESSION).accessCount
    // All have looked before anybody goes on.
    barrier.arriveAndWait()
    if (missing <= 0) return { attempts, rounds }
    const share = Math.floor(missing / workers) + (hand.index < missing % workers ? 1 : 0)
    for (let i = 0; i < share; i++) hand.operation(redo)
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
