/**
 * incrementAccess: counts one access of a session and returns the new count.
 *
 * A read, a sum, a write. The variants differ in what holds the three together. A lock holds among those who take it: the
 * locking forms are sound as long as nobody deletes the session and creates another of its id, which takes no lock.
 */
import { type Pause, noPause } from '../pause.ts'
import type { Session } from '../session.ts'
import type { SessionStore } from '../store.ts'

/** Throws SessionNotFoundError. */
export type IncrementAccess = (store: SessionStore, id: string, pause?: Pause) => number

export const incrementAccess = {
  /** Nothing does: the lock is free between the read and the write, and whoever wrote in between is overwritten. */
  buggy(store, id, pause = noPause) {
    const session = store.lock.reading(() => store.read(id))
    pause()
    count(session)
    store.lock.writing(() => store.write(session))
    return session.accessCount
  },

  /** One write lock does, held from before the read until after the write. */
  'write-lock'(store, id) {
    return store.lock.writing(() => {
      const session = store.read(id)
      count(session)
      store.write(session)
      return session.accessCount
    })
  },

  /** A mutex does, in the same way. Nobody reads beside it, but it is the cheaper lock. */
  mutex(store, id) {
    return store.mutex.holding(() => {
      const session = store.read(id)
      count(session)
      store.write(session)
      return session.accessCount
    })
  },

  /** They are one step of the machine: read, sum and write cannot be separated. It counts, and can do nothing else. */
  'atomic-add'(store, id) {
    return store.addAccess(id)
  },

  /** The write does: it is made only if nothing was written since the read, and else all three are done again. */
  cas(store, id, pause = noPause) {
    for (;;) {
      const place = store.place(id)
      pause()
      const count = store.countIf(place)
      if (count !== undefined) return count
    }
  },
} satisfies Record<string, IncrementAccess>

function count(session: Session): void {
  session.accessCount += 1
  session.version += 1
  session.lastActivity = Date.now()
}
