/**
 * runCleanup: drops the rows of deleted sessions from the database, and frees their places.
 *
 * The database may refuse. What becomes of a session whose row it refuses to drop is where the variants differ.
 */
import type { Database } from '../../store/database/database.ts'
import {
  type CleanupOptions,
  type CleanupReport,
  DEFAULT_ATTEMPTS,
  dropRow,
  emptyReport,
  runCleanup as product,
} from '../../store/operations/run-cleanup.ts'
import type { LabStore } from './lab-store.ts'

/** Without a database there are no rows to drop, and places are only freed. */
export type RunCleanup = (store: LabStore, database: Database | undefined, options?: CleanupOptions) => CleanupReport

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

  /** What the database refuses too often stays as a dead letter, and no lock is taken: the product's own operation. */
  'dead-letter': product,
} satisfies Record<string, RunCleanup>
