/**
 * Deletes and their clean-up, on one thread, because the question is how much work they are and not whether they race. The
 * database always refuses to delete every second row, so half of the deleted sessions can never be cleaned up.
 */
import type { Database } from '../../src/store/database/database.ts'
import type { LessonLoad } from '../../src/lab/lessons/lesson.ts'
import { census } from '../../src/store/operations/census.ts'
import { createSession } from '../../src/store/operations/create-session.ts'
import { deleteSession } from '../../src/lab/variants/delete-session.ts'
import type { DeleteSession } from '../../src/lab/variants/delete-session.ts'
import { runCleanup } from '../../src/lab/variants/run-cleanup.ts'
import type { RunCleanup } from '../../src/lab/variants/run-cleanup.ts'
import { allocateLabStore } from '../../src/lab/variants/lab-memory.ts'
import type { LabMemory } from '../../src/lab/variants/lab-memory.ts'
import { LabStore } from '../../src/lab/variants/lab-store.ts'

/** For each clean-up the delete that fills its queue. */
const DELETES: { readonly [Cleanup in keyof typeof runCleanup]: DeleteSession } = {
  buggy: deleteSession['all-locks'],
  'retry-limit': deleteSession['all-locks'],
  'dead-letter': deleteSession['state-machine'],
}

export const CLEANUPS = Object.keys(runCleanup) as (keyof typeof runCleanup)[]

/** In the steady mode a clean-up follows after this many deletes. */
export const CYCLE = 100
/** The variants with a retry limit give up a row after this many attempts. */
const MOST_ATTEMPTS = 3

/** `steady`: a clean-up after every CYCLE deletes. `backlog`: all deletes, then clean-ups until no row will be tried again. */
export const MODES = ['steady', 'backlog'] as const
export type Mode = (typeof MODES)[number]

interface Memory {
  readonly sessions: LabMemory
}

interface Report {
  /** Attempts to delete a row. */
  readonly attempts: number
  /** The time of the clean-ups, without the deletes. */
  readonly milliseconds: number
  /** Memory that deleted sessions still use at the end. */
  readonly bytesHeld: number
}

/** The variant is `<clean-up>/<mode>`. The iterations are the number of deletes. */
export const cleanup: LessonLoad<Memory, Report> = {
  iterations: 1000,
  gap: 'none',
  database: 'memory',

  prepare: () => ({
    sessions: allocateLabStore({ capacity: CAPACITY, metadataBytes: 0, queueCapacity: CAPACITY }),
  }),

  work({ sessions }, { variant, iterations }, worker) {
    const [name, mode] = variant.split('/') as [keyof typeof runCleanup, Mode]
    warmUp(name)
    worker.start()
    return worker.operation(() => cleanUpAfter(iterations, new LabStore(sessions), name, mode))
  },

  judge: (_, __, [report]) => ({ expected: null, actual: null, violations: 0, metrics: { ...report! } }),
}

/** The capacity of the store, whatever the number of deletes, so that the cost does not grow with the store. */
export const CAPACITY = 8000

function warmUp(name: keyof typeof runCleanup): void {
  const store = new LabStore(allocateLabStore({ capacity: CYCLE * 4, metadataBytes: 0, queueCapacity: CYCLE * 4 }))
  cleanUpAfter(CYCLE * 4, store, name, 'steady')
}

function cleanUpAfter(deletes: number, store: LabStore, name: keyof typeof runCleanup, mode: Mode): Report {
  const clean: RunCleanup = runCleanup[name]
  const database = new RefusingDatabase()
  let milliseconds = 0
  const cycle = (): void => {
    const began = performance.now()
    // Each clean-up must reach all rows that are due, as the other variants do. By default dead-letter looks at fewer slots.
    clean(store, database, { mostAttempts: MOST_ATTEMPTS, look: store.layout.slots })
    milliseconds += performance.now() - began
  }
  for (let i = 0; i < deletes; i++) {
    const id = createSession(store, undefined, 'u1', 'alice', { id: `session ${i}` })
    DELETES[name](store, id)
    if (mode === 'steady' && (i + 1) % CYCLE === 0) cycle()
  }
  const enough = (deletes * (1 + MOST_ATTEMPTS)) / 2
  if (mode === 'backlog') while (database.attempts < enough) cycle()
  return { attempts: database.attempts, milliseconds, bytesHeld: bytesHeldBy(store) }
}

/** Returns the bytes of the queues, and of the slots that no new session can use. */
function bytesHeldBy(store: LabStore): number {
  const { deleted, deadLetters } = census(store)
  const { queue, layout } = store
  return queue.bytes + store.deadLetters.bytes + (deleted + deadLetters) * layout.bytesPerSession
}

/** Refuses the rows whose id ends in an odd digit. It always throws the same error: a new one would cost more than the clean-up. */
class RefusingDatabase implements Database {
  attempts = 0
  readonly #refusal = new Error('refused')

  delete(id: string): void {
    this.attempts++
    if ((id.charCodeAt(id.length - 1) & 1) === 1) throw this.#refusal
  }

  fetch(): undefined {}

  store(): void {}

  close(): void {}
}
