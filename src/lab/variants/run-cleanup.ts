/**
 * runCleanup: drops the rows of deleted sessions from the database, and frees their slots.
 *
 * The database may refuse to drop a row. The variants differ in what they do with such a session.
 */
import type { Database } from '../../store/database/database.ts'
import { DEFAULT_ATTEMPTS, dropRow, emptyReport, runCleanup as product } from '../../store/operations/run-cleanup.ts'
import type { CleanupOptions, CleanupReport } from '../../store/operations/run-cleanup.ts'
import type { LabStore } from './lab-store.ts'

/** Runs one cycle of the clean-up and reports it. Without a database there are no rows, and slots are only freed. */
export type RunCleanup = (store: LabStore, database: Database | undefined, options?: CleanupOptions) => CleanupReport

export const runCleanup = {
  /** Broken: an id whose row is refused stays in the queue, and every cycle tries all of them again. */
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
   * As published: an id that has failed three times becomes a dead letter. So the queue is bounded. But the lock of the queue
   * is held through the whole cycle, so every delete waits for the database. And removing items from the middle of the queue
   * still makes the work quadratic.
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

  /** A session whose row is refused too often becomes a dead letter, and no lock is taken: the product's own operation. */
  'dead-letter': product,
} satisfies Record<string, RunCleanup>
