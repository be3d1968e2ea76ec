/**
 * incrementAccess: counts one access of a session and returns the new count.
 *
 * The operation is a read, an addition and a write. The variants differ in what makes these three one step. A lock excludes
 * only the threads that take it. createSession takes no lock, so the locking variants are sound only as long as no thread
 * deletes the session and creates another one with its id.
 */
import { incrementAccess as product } from '../../store/operations/increment-access.ts'
import { noPause } from '../../store/pause.ts'
import type { Pause } from '../../store/pause.ts'
import type { Session } from '../../store/session.ts'
import type { LabStore } from './lab-store.ts'

/** Counts one access and returns the new count. Throws SessionNotFoundError. */
export type IncrementAccess = (store: LabStore, id: string, pause?: Pause) => number

export const incrementAccess = {
  /** Broken: the lock is free between the read and the write, so this write overwrites every write in between. */
  buggy(store, id, pause = noPause) {
    const session = store.lock.reading(() => store.read(id))
    pause()
    count(session)
    store.lock.writing(() => store.write(session))
    return session.accessCount
  },

  /** Holds one write lock from before the read until after the write. */
  'write-lock'(store, id) {
    return store.lock.writing(() => {
      const session = store.read(id)
      count(session)
      store.write(session)
      return session.accessCount
    })
  },

  /** Holds a mutex in the same way. A mutex costs less than a read-write lock, but does not let readers in together. */
  mutex(store, id) {
    return store.mutex.holding(() => {
      const session = store.read(id)
      count(session)
      store.write(session)
      return session.accessCount
    })
  },

  /** One atomic addition: read, addition and write are one instruction. It changes the count and nothing else. */
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
