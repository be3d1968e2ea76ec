/**
 * revokeAuthentication: makes a session no longer authenticated, as an administrator does with a stolen one.
 *
 * The operation is a read, a change and a write of the whole session. The variants differ in what makes these three one step.
 * Whether the revocation lasts also depends on the other writers of the session.
 */
import { revokeAuthentication as product } from '../../store/operations/revoke-authentication.ts'
import { noPause } from '../../store/pause.ts'
import type { Pause } from '../../store/pause.ts'
import type { Session } from '../../store/session.ts'
import type { LabStore } from './lab-store.ts'

/** Revokes a session's authentication. Throws SessionNotFoundError. */
export type RevokeAuthentication = (store: LabStore, id: string, pause?: Pause) => void

export const revokeAuthentication = {
  /** Broken: this write overwrites every write between its read and itself. */
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
