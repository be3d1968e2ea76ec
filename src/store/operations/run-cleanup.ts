/** runCleanup: drops the rows of deleted and expired sessions from the database, and frees their slots. */
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

export const DEFAULT_ATTEMPTS = 3

type Writable<Type> = { -readonly [Name in keyof Type]: Type[Name] }
/** A report that is being made. */
export type CleanupTally = Writable<CleanupReport>

/**
 * Drops the rows of deleted and expired sessions, frees their slots, and returns what was done. Without a database there are no
 * rows, and slots are only freed.
 *
 * Walks over the slots from where the last clean-up stopped, at most once round. A session whose row the database refused to
 * drop `mostAttempts` times becomes a dead letter, which no later clean-up tries again. Takes no lock: a delete never waits for it.
 */
export function runCleanup(
  store: SessionStore,
  database: Database | undefined,
  { limit = 256, look = 16 * limit, mostAttempts = DEFAULT_ATTEMPTS }: CleanupOptions = {},
): CleanupReport {
  const report = emptyReport()
  const most = Math.min(look, store.layout.slots)
  for (let step = 0; step < most && report.cleaned + report.failed < limit; step++) {
    cleanSlot(store, database, store.nextToClean(), mostAttempts, report)
  }
  return report
}

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
  report: CleanupTally,
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

export function emptyReport(): CleanupTally {
  return { cleaned: 0, failed: 0, deadLetters: 0 }
}

/** Says whether the row is gone, and reports it. A database that throws has failed; that is what attempts are for. */
export function dropRow(database: Database | undefined, id: string, report: CleanupTally): boolean {
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
