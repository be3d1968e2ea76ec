/**
 * countSessions: how many sessions there are, how many the stats say are active, and how many wait for clean-up. The second
 * must be the first; and what leaves the first must be in the third.
 */
import { census } from '../../store/operations/census.ts'
import type { LabStore } from './lab-store.ts'

export interface Counts {
  /** In the store. */
  readonly sessions: number
  /** By the stats. */
  readonly activeSessions: number
  readonly cleanupQueueSize: number
}

export type CountSessions = (store: LabStore) => Counts

export const countSessions = {
  /** One lock after the other: each number is true, and they are of three moments. */
  'separate-locks'(store) {
    return {
      sessions: store.lock.reading(() => census(store).active),
      activeSessions: store.statsLock.reading(() => store.activeSessions),
      cleanupQueueSize: store.queue.lock.reading(() => store.queue.length),
    }
  },

  /** All locks at once, in the order in which everybody takes them: three numbers of one moment. */
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

  /** One pass over the control words: each session is in one state, so that the numbers cannot disagree. */
  'state-machine'(store) {
    const { active, deleted } = census(store)
    return { sessions: active, activeSessions: active, cleanupQueueSize: deleted }
  },
} satisfies Record<string, CountSessions>
