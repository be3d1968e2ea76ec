/** runCleanup: drops the rows of deleted and expired sessions from the database, and frees their slots. */
import type { Database } from '../database/database.ts'
import { DEAD_LETTER, DELETED, stateOf } from '../control.ts'
import { checkNumber, checkOptions } from '../options.ts'
import type { Known } from '../options.ts'
import type { SessionStore } from '../store.ts'

/** The bounds of one clean-up. */
export interface CleanupOptions {
  /** How many rows the clean-up tries to drop at most. Default 256. */
  readonly limit?: number
  /** How many slots the clean-up looks at, at most. Default: 16 times `limit`. */
  readonly look?: number
  /** After how many failed attempts to drop its row a session becomes a dead letter. Default 3. */
  readonly mostAttempts?: number
}

/** The names of the options of a clean-up. */
const CLEANUP: Known<CleanupOptions> = { limit: true, look: true, mostAttempts: true }

/** Throws OptionsError for an unknown option, or one that is not a number from 0 on. */
export function checkCleanup(options: CleanupOptions): void {
  checkOptions('runCleanup', options, CLEANUP)
  for (const name of ['limit', 'look', 'mostAttempts'] as const) checkNumber(name, options[name], CLEANUP)
}

/** What one clean-up did. */
export interface CleanupReport {
  /** Sessions whose rows were dropped and whose slots were freed. */
  readonly cleaned: number
  /** Sessions whose rows the database refused to drop. */
  readonly failed: number
  /** Of the failed sessions, those that became dead letters. */
  readonly deadLetters: number
  /** What the database threw at the last failure; left out if there was none. */
  readonly lastFailure?: unknown
}

/** The default of `mostAttempts`. */
export const DEFAULT_ATTEMPTS = 3

type Writable<Type> = { -readonly [Name in keyof Type]: Type[Name] }
/** A report while the clean-up is under way. */
export type CleanupTally = Writable<CleanupReport>

/**
 * Drops the rows of deleted and expired sessions, frees their slots, and returns what it did. Without a database there are no
 * rows, and the slots are only freed.
 *
 * It goes over the slots from where the last clean-up stopped, at most once round. If the database has refused to drop a
 * session's row `mostAttempts` times, the session becomes a dead letter, and no later clean-up tries it again. The clean-up takes
 * no lock, so no delete waits for it. Throws CorruptStoreError if the id is damaged whose row is to be dropped; the sessions before it
 * are cleaned up, and the next clean-up goes on behind it.
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

/** Cleans one slot up, if its session is deleted or has expired, and returns what it did. */
export function cleanNow(store: SessionStore, database: Database | undefined, slot: number): CleanupReport {
  const report = emptyReport()
  cleanSlot(store, database, slot, DEFAULT_ATTEMPTS, report)
  return report
}

/** Cleans a slot up if its session is deleted or has expired, and no other cleaner has taken it. */
function cleanSlot(
  store: SessionStore,
  database: Database | undefined,
  slot: number,
  mostAttempts: number,
  report: CleanupTally,
): void {
  store.records.expire(slot)
  const control = store.records.control(slot)
  // If several cleaners come to the slot, one takes it and the others go on.
  if (stateOf(control) !== DELETED || !store.records.clean(slot, control)) return
  // Without a database the id is not needed, so a session whose id is damaged can be cleaned up all the same.
  const id = database === undefined ? '' : idOfTaken(store, slot, control)
  if (dropRow(database, id, report)) {
    store.release(slot, control)
    store.records.cleaned()
    store.count('cleanedUp')
    return
  }
  const last = store.records.countAttempt(slot) >= mostAttempts
  store.records.change(slot, control, last ? DEAD_LETTER : DELETED)
  store.records.cleaned()
  store.count('failedCleanups')
  if (last) report.deadLetters++
}

/**
 * Returns the id of the session in a slot that the agent has just taken to clean it up, and that had the control word `control`. Gives the
 * slot back and throws CorruptStoreError if there is no id.
 */
export function idOfTaken(store: SessionStore, slot: number, control: number): string {
  try {
    return store.idAt(slot)
  } catch (damage) {
    store.records.change(slot, control, stateOf(control))
    store.records.cleaned()
    throw damage
  }
}

/** Returns a report with all counts 0. */
export function emptyReport(): CleanupTally {
  return { cleaned: 0, failed: 0, deadLetters: 0 }
}

/**
 * Drops a row, counts the result in the report, and returns whether the row is dropped. An error of the database is a
 * failed attempt.
 */
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
