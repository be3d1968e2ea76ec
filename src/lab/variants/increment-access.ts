/**
 * incrementAccess: counts one access of a session and returns the new count.
 *
 * A read, a sum, a write. The variants differ in what holds the three together. A lock holds among those who take it: the
 * locking forms are sound as long as nobody deletes the session and creates another of its id, which takes no lock.
 */
import { incrementAccess as product } from '../../store/operations/increment-access.ts'
import { type Pause, noPause } from '../../store/pause.ts'
import type { Session } from '../../store/session.ts'
import type { LabStore } from './lab-store.ts'

/** Throws SessionNotFoundError. */
export type IncrementAccess = (store: LabStore, id: string, pause?: Pause) => number

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

  /** Compare-and-swap: the product's own operation. */
  cas: product,
} satisfies Record<string, IncrementAccess>

function count(session: Session): void {
  session.accessCount += 1
  session.version += 1
  session.lastActivity = Date.now()
}
