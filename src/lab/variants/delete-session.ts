/**
 * deleteSession: makes a session unusable and its row due for clean-up; says whether this call did it.
 *
 * The session leaves the store, the count of active sessions and enters the clean-up queue. The variants differ in whether
 * anybody can see, or be stopped, in between.
 */
import { deleteSession as product } from '../../store/operations/delete-session.ts'
import { type Pause, noPause } from '../../store/pause.ts'
import type { LabStore } from './lab-store.ts'

/** False when there is no such session, or somebody else deleted it first. */
export type DeleteSession = (store: LabStore, id: string, pause?: Pause) => boolean

export const deleteSession = {
  /** Three steps, each under its own lock. In between, three counts give three answers; a crash there leaves the row for ever. */
  buggy(store, id, pause = noPause) {
    const wasThere = store.lock.writing(() => store.takeOut(id))
    if (!wasThere) return false
    pause()
    store.statsLock.writing(() => store.addActive(-1))
    pause()
    store.queue.lock.writing(() => store.queue.push(id))
    return true
  },

  /** The same three steps under all three locks, taken in one order by everybody. */
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

  /** All three locks, but the session is looked up before: two deleters both find it, and both count and queue it. */
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
