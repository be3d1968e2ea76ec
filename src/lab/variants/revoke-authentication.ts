/**
 * revokeAuthentication: takes a session's right to be served, as an administrator does with a stolen one.
 *
 * A read, a change, a write of the whole session. The variants differ in what holds the three together; but whether the
 * revocation lasts depends on whoever else writes the session as well.
 */
import { revokeAuthentication as product } from '../../store/operations/revoke-authentication.ts'
import { type Pause, noPause } from '../../store/pause.ts'
import type { Session } from '../../store/session.ts'
import type { LabStore } from './lab-store.ts'

/** Throws SessionNotFoundError. */
export type RevokeAuthentication = (store: LabStore, id: string, pause?: Pause) => void

export const revokeAuthentication = {
  /** Nothing does: what others wrote between the read and the write is gone. */
  buggy(store, id, pause = noPause) {
    const session = store.lock.reading(() => store.read(id))
    pause()
    revoke(session)
    store.lock.writing(() => store.write(session))
  },

  /** Compare-and-swap: the product's own operation. */
  cas: product,
} satisfies Record<string, RevokeAuthentication>

function revoke(session: Session): void {
  session.isAuthenticated = false
  session.version += 1
}
