/**
 * runCleanup: drops the rows of deleted sessions from the database, and frees their places.
 *
 * The database may refuse. What becomes of a session whose row it refuses to drop is where the variants differ.
 */
import type { Database } from '../database/database.ts'
import { CLEANING, DEAD_LETTER, DELETED, inState, next, stateOf } from '../control.ts'
import type { Known } from '../options.ts'
import type { SessionStore } from '../store.ts'

export interface CleanupOptions {
  /** How many rows to try at most. Default 256. */
  readonly limit?: number
  /** How many slots to look at, at most. Default: 16 for each row that may be tried. */
  readonly look?: number
  /** After how many failures a session becomes a dead letter. Default 3. */
  readonly mostAttempts?: number
}

export const CLEANUP: Known<CleanupOptions> = { limit: true, look: true, mostAttempts: true }

export interface CleanupReport {
  readonly cleaned: number
  readonly failed: number
  /** Of the failed, how many became dead letters. */
  readonly deadLetters: number
  /** What the database threw at the last failure. */
  readonly lastFailure?: unknown
}

/** Without a database there are no rows to drop, and places are only freed. */
export type RunCleanup = (
  store: SessionStore,
  database: Database | undefined,
  options?: CleanupOptions,
) => CleanupReport

const DEFAULT_ATTEMPTS = 3

type Writable<Type> = { -readonly [Name in keyof Type]: Type[Name] }

export const runCleanup = {
  /** What fails stays in the queue for ever, and every cycle tries all of it again. */
  buggy(store, database) {
    const report = emptyReport()
    for (const id of store.queue.lock.reading(() => store.queue.ids())) {
      if (dropRow(database, id, report)) {
        store.queue.lock.writing(() => store.queue.remove(id))
      } else store.statsLock.writing(() => store.count('failedCleanups'))
    }
    return report
  },

  /**
   * As it was published: what has failed three times goes to the dead letters. Bounded; but the queue is locked through the
   * whole cycle, so that every delete waits for the database, and taking items out of the middle makes it quadratic still.
   */
  'retry-limit'(store, database, { mostAttempts = DEFAULT_ATTEMPTS } = {}) {
    const report = emptyReport()
    const { queue, deadLetters } = store
    queue.lock.writing(() => {
      for (let index = 0; index < queue.length;) {
        const id = queue.idAt(index)
        if (dropRow(database, id, report)) queue.removeAt(index)
        else if (queue.countAttempt(index) < mostAttempts) index++
        else {
          queue.removeAt(index)
          deadLetters.push(id, mostAttempts)
          report.deadLetters++
        }
      }
    })
    return report
  },

  /**
   * Goes on round the slots from where the last clean-up stopped, once round at most, and tries each deleted or expired
   * session that it comes to. What has
   * failed too often stays as a dead letter, where nobody tries it again. Takes no lock: a delete never waits for it.
   */
  'dead-letter'(store, database, { limit = 256, look = 16 * limit, mostAttempts = DEFAULT_ATTEMPTS } = {}) {
    const report = emptyReport()
    const most = Math.min(look, store.layout.slots)
    for (let step = 0; step < most && report.cleaned + report.failed < limit; step++) {
      cleanSlot(store, database, store.nextToClean(), mostAttempts, report)
    }
    return report
  },
} satisfies Record<string, RunCleanup>

/** Makes a slot's id free at once if its session has expired and the database lets its row go; says whether it did. */
export function reclaimExpired(store: SessionStore, database: Database | undefined, slot: number): boolean {
  const report = emptyReport()
  if (store.records.expire(slot)) cleanSlot(store, database, slot, DEFAULT_ATTEMPTS, report)
  return report.cleaned > 0
}

/** Cleans a slot up if its session is deleted or has expired, and nobody else is at it. */
function cleanSlot(
  store: SessionStore,
  database: Database | undefined,
  slot: number,
  mostAttempts: number,
  report: Writable<CleanupReport>,
): void {
  store.records.expire(slot)
  const control = store.records.control(slot)
  const cleaning = inState(control, CLEANING)
  // Of several cleaners one gets it; the others go on.
  if (stateOf(control) !== DELETED || !store.records.move(slot, control, cleaning)) return
  if (dropRow(database, store.idAt(slot), report)) {
    store.release(slot)
    store.count('cleanedUp')
    return
  }
  const last = store.records.countAttempt(slot) >= mostAttempts
  store.records.move(slot, cleaning, next(cleaning, last ? DEAD_LETTER : DELETED))
  store.count('failedCleanups')
  if (last) report.deadLetters++
}

function emptyReport(): Writable<CleanupReport> {
  return { cleaned: 0, failed: 0, deadLetters: 0 }
}

/** Says whether the row is gone, and reports it. A database that throws has failed; that is what attempts are for. */
function dropRow(database: Database | undefined, id: string, report: Writable<CleanupReport>): boolean {
  try {
    database?.delete(id)
    report.cleaned++
    return true
  } catch (failure) {
    report.failed++
    report.lastFailure = failure
    return false
  }
}
