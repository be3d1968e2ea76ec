/**
 * Deletes and their clean-up, on one thread: what is counted is work, not races. The database refuses every second row, each
 * time, so that half of what is deleted can never be cleaned up.
 */
import type { Database } from '../../src/store/database/database.ts'
import type { LessonLoad } from '../../src/lab/lessons/lesson.ts'
import { census } from '../../src/store/operations/census.ts'
import { createSession } from '../../src/store/operations/create-session.ts'
import { type DeleteSession, deleteSession } from '../../src/lab/variants/delete-session.ts'
import { type RunCleanup, runCleanup } from '../../src/lab/variants/run-cleanup.ts'
import { type LabMemory, allocateLabStore } from '../../src/lab/variants/lab-memory.ts'
import { LabStore } from '../../src/lab/variants/lab-store.ts'

/** Each clean-up with a delete that fills the queue it drains. */
const DELETES: { readonly [Cleanup in keyof typeof runCleanup]: DeleteSession } = {
  buggy: deleteSession['all-locks'],
  'retry-limit': deleteSession['all-locks'],
  'dead-letter': deleteSession['state-machine'],
}

export const CLEANUPS = Object.keys(runCleanup) as (keyof typeof runCleanup)[]

/** A cycle after every so many deletes. */
export const CYCLE = 100
/** How often what fails is tried before it is given up, where it is given up. */
const MOST_ATTEMPTS = 3

/** `steady`: a cycle after every hundred deletes. `backlog`: all deletes, then cycles until each row was tried as often as it will. */
export const MODES = ['steady', 'backlog'] as const
export type Mode = (typeof MODES)[number]

interface Memory {
  readonly sessions: LabMemory
}

interface Report {
  /** How often a row was tried. */
  readonly attempts: number
  /** In clean-ups alone. */
  readonly milliseconds: number
  /** What is kept of deleted sessions at the end. */
  readonly bytesHeld: number
}

/** The variant is `<clean-up>/<mode>`, the iterations are the deletes. */
export const cleanup: LessonLoad<Memory, Report> = {
  iterations: 1000,
  gap: 'none',
  database: 'memory',

  prepare: () => ({
    sessions: allocateLabStore({ capacity: CAPACITY, metadataBytes: 0, queueCapacity: CAPACITY }),
  }),

  work({ sessions }, { variant, iterations }, hand) {
    const [name, mode] = variant.split('/') as [keyof typeof runCleanup, Mode]
    warmUp(name)
    hand.start()
    return hand.operation(() => cleanUpAfter(iterations, new LabStore(sessions), name, mode))
  },

  judge: (_, __, [report]) => ({ expected: null, actual: null, violations: 0, metrics: { ...report! } }),
}

/** Of every store alike, so that what grows with the deletes is not what grows with the store. */
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
    // A cycle is to come by all that is due, as the others do; by itself the dead-letter form would look at fewer slots.
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

/** What waits in queues, or in slots that no new session can have. */
function bytesHeldBy(store: LabStore): number {
  const { deleted, deadLetters } = census(store)
  const { queue, layout } = store
  return queue.bytes + store.deadLetters.bytes + (deleted + deadLetters) * layout.bytesPerSession
}

/** Refuses the odd ones. Throws always the same error: making one would cost more than the clean-up. */
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
