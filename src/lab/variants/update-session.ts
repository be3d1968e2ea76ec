/**
 * updateSession: sets one metadata key of a session and counts one access.
 *
 * A read, a change, a write of the whole session. The variants differ in what holds the three together. A lock holds among
 * those who take it: see increment-access.ts.
 */
import { updateSession as product } from '../../store/operations/update-session.ts'
import { type Pause, noPause } from '../../store/pause.ts'
import type { Session } from '../../store/session.ts'
import type { LabStore } from './lab-store.ts'

/** Throws SessionNotFoundError, or TextTooLongError when the metadata would not fit. */
export type UpdateSession = (store: LabStore, id: string, key: string, value: string, pause?: Pause) => void

export const updateSession = {
  /** Nothing does: keys that others set between the read and the write are gone. */
  buggy(store, id, key, value, pause = noPause) {
    const session = store.lock.reading(() => store.read(id))
    pause()
    change(session, key, value)
    store.lock.writing(() => store.write(session))
  },

  /** One write lock does, held from before the read until after the write. */
  'write-lock'(store, id, key, value) {
    store.lock.writing(() => {
      const session = store.read(id)
      change(session, key, value)
      store.write(session)
    })
  },

  /** A mutex does, in the same way. */
  mutex(store, id, key, value) {
    store.mutex.holding(() => {
      const session = store.read(id)
      change(session, key, value)
      store.write(session)
    })
  },

  /** Half of it does: the count is safe, but a key cannot be set by an addition, so keys are lost as in the buggy form. */
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
