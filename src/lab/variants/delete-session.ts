/**
 * deleteSession: makes a session unusable and its row due for clean-up.
 *
 * The session leaves the store, leaves the count of active sessions, and enters the clean-up queue. The variants differ in
 * whether another thread can see a state between these steps, and whether a thread can die between them.
 */
import { deleteSession as product } from '../../store/operations/delete-session.ts'
import { noPause } from '../../store/pause.ts'
import type { Pause } from '../../store/pause.ts'
import type { LabStore } from './lab-store.ts'

/** Deletes a session and returns true; false if there is no such session, or another thread deleted it first. */
export type DeleteSession = (store: LabStore, id: string, pause?: Pause) => boolean

export const deleteSession = {
  /** Three steps, each under its own lock. Between the steps the three counts disagree, and a crash leaves the row forever. */
  buggy(store, id, pause = noPause) {
    const wasThere = store.lock.writing(() => store.takeOut(id))
    if (!wasThere) return false
    pause()
    store.statsLock.writing(() => store.addActive(-1))
    pause()
    store.queue.lock.writing(() => store.queue.push(id))
    return true
  },

  /** The same three steps under all three locks, always taken in the same order. */
  'all-locks'(store, id) {
    return store.lock.writing(() =>
      store.statsLock.writing(() =>
        store.queue.lock.writing(() => {
          if (!store.takeOut(id)) return false
          store.addActive(-1)
          store.queue.push(id)
          return true
        }),
      ),
    )
  },

  /** Looks the session up first and then takes all three locks: two deleters both find it, and both count and queue it. */
  'check-then-lock'(store, id, pause = noPause) {
    const isThere = store.lock.reading(() => store.has(id))
    if (!isThere) return false
    pause()
    return store.lock.writing(() =>
      store.statsLock.writing(() =>
        store.queue.lock.writing(() => {
          store.takeOut(id)
          store.addActive(-1)
          store.queue.push(id)
          return true
        }),
      ),
    )
  },

  /** One compare-and-swap of the session's control word: the product's own operation. */
  'state-machine': product,
} satisfies Record<string, DeleteSession>
