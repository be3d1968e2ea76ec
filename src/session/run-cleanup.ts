/**
 * runCleanup: drops the rows of deleted sessions from the database, and frees their places.
 *
 * The database may refuse. What becomes of a session whose row it refuses to drop is where the variants differ.
 */
import type { Database } from '../database/database.ts'
import { CLEANING, DEAD_LETTER, DELETED, inState, next, stateOf } from './control.ts'
import type { SessionStore } from './store.ts'

export interface CleanupOptions {
  /** How many rows to try at most. Default 256. */
  readonly limit?: number
  /** After how many failures a session becomes a dead letter. Default 3. */
  readonly mostAttempts?: number
}

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

export const runCleanup = {
  /**
   * Goes once round the slots at most, from where the last clean-up stopped, and tries each deleted session once. What has
   * failed too often stays as a dead letter, where nobody tries it again. Takes no lock: a delete never waits for it.
   */
  'dead-letter'(store, database, { limit = 256, mostAttempts = 3 } = {}) {
    const report: { -readonly [Name in keyof CleanupReport]: CleanupReport[Name] } = {
      cleaned: 0,
      failed: 0,
      deadLetters: 0,
    }
    for (let step = 0; step < store.layout.slots && report.cleaned + report.failed < limit; step++) {
      const slot = store.nextToClean()
      const control = store.table.control(slot)
      const cleaning = inState(control, CLEANING)
      // Of several cleaners one gets it; the others go on.
      if (stateOf(control) !== DELETED || !store.table.move(slot, control, cleaning)) continue
      try {
        database?.delete(store.idAt(slot))
        store.release(slot)
        store.count('cleanedUp')
        report.cleaned++
      } catch (failure) {
        const last = store.countAttempt(slot) >= mostAttempts
        store.table.move(slot, cleaning, next(cleaning, last ? DEAD_LETTER : DELETED))
        store.count('failedCleanups')
        report.failed++
        if (last) report.deadLetters++
        report.lastFailure = failure
      }
    }
    return report
  },
} satisfies Record<string, RunCleanup>
