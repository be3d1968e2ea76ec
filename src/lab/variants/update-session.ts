/**
 * updateSession: sets one metadata key of a session and counts one access.
 *
 * The operation is a read, a change and a write of the whole session. The variants differ in what makes these three one step.
 * A lock excludes only the threads that take it: increment-access.ts says when that is enough.
 */
import { updateSession as product } from '../../store/operations/update-session.ts'
import { noPause } from '../../store/pause.ts'
import type { Pause } from '../../store/pause.ts'
import type { Session } from '../../store/session.ts'
import type { LabStore } from './lab-store.ts'

/** Sets a key and counts one access. Throws SessionNotFoundError, or TextTooLongError if the metadata would not fit. */
export type UpdateSession = (store: LabStore, id: string, key: string, value: string, pause?: Pause) => void

export const updateSession = {
  /** Broken: keys that other threads set between the read and the write are lost. */
  buggy(store, id, key, value, pause = noPause) {
    const session = store.lock.reading(() => store.read(id))
    pause()
    change(session, key, value)
    store.lock.writing(() => store.write(session))
  },

  /** Holds one write lock from before the read until after the write. */
  'write-lock'(store, id, key, value) {
    store.lock.writing(() => {
      const session = store.read(id)
      change(session, key, value)
      store.write(session)
    })
  },

  /** Holds a mutex in the same way. */
  mutex(store, id, key, value) {
    store.mutex.holding(() => {
      const session = store.read(id)
      change(session, key, value)
      store.write(session)
    })
  },

  /** Broken for keys: the count is safe, but an addition cannot set a key, so keys are lost as in `buggy`. */
  'atomic-add'(store, id, key, value, pause = noPause) {
    const session = store.lock.reading(() => store.read(id))
    pause()
    change(session, key, value)
    store.lock.writing(() => store.writeMetadata(session))
    store.addAccess(id)
  },

  /** Compare-and-swap: the product's own operation. */
  cas: product,
} satisfies Record<string, UpdateSession>

function change(session: Session, key: string, value: string): void {
  session.metadata.set(key, value)
  session.accessCount += 1
  session.version += 1
  session.lastActivity = Date.now()
}
