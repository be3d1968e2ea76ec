/**
 * countSessions: counts the sessions in the store, the active sessions according to the stats, and the sessions in the
 * clean-up queue. The first two counts must be equal. A session that leaves the store must be counted in the queue.
 */
import { census } from '../../store/operations/census.ts'
import type { LabStore } from './lab-store.ts'

/** The three counts. */
export interface Counts {
  /** Live sessions in the store. */
  readonly sessions: number
  /** Active sessions according to the stats. */
  readonly activeSessions: number
  /** Sessions in the clean-up queue. */
  readonly cleanupQueueSize: number
}

/** Returns the three counts of a store. */
export type CountSessions = (store: LabStore) => Counts

export const countSessions = {
  /** Takes one lock after the other: each count is right, but the three counts are of different moments. */
  'separate-locks'(store) {
    return {
      sessions: store.lock.reading(() => census(store).active),
      activeSessions: store.statsLock.reading(() => store.activeSessions),
      cleanupQueueSize: store.queue.lock.reading(() => store.queue.length),
    }
  },

  /** Holds all locks at once, taken in the same order as in all variants: the three counts are of one moment. */
  'all-locks'(store) {
    return store.lock.reading(() =>
      store.statsLock.reading(() =>
        store.queue.lock.reading(() => ({
          sessions: census(store).active,
          activeSessions: store.activeSessions,
          cleanupQueueSize: store.queue.length,
        })),
      ),
    )
  },

  /** One pass over the control words: each session is in one state, so the counts cannot disagree. */
  'state-machine'(store) {
    const { active, deleted } = census(store)
    return { sessions: active, activeSessions: active, cleanupQueueSize: deleted }
  },
} satisfies Record<string, CountSessions>
