/**
 * revokeAuthentication: takes a session's right to be served, as an administrator does with a stolen one.
 *
 * A read, a change, a write of the whole session. The variants differ in what holds the three together; but whether the
 * revocation lasts depends on whoever else writes the session as well.
 */
import { type Pause, noPause } from '../pause.ts'
import type { Session } from '../session.ts'
import type { SessionStore } from '../store.ts'

/** Throws SessionNotFoundError. */
export type RevokeAuthentication = (store: SessionStore, id: string, pause?: Pause) => void

export const revokeAuthentication = {
  /** Nothing does: what others wrote between the read and the write is gone. */
  buggy(store, id, pause = noPause) {
    const session = store.lock.reading(() => store.read(id))
    pause()
    revoke(session)
    store.lock.writing(() => store.write(session))
  },

  /** The write does: it is made only if nothing was written since the read, and else all three are done again. */
  cas(store, id, pause = noPause) {
    for (;;) {
      const { session, place } = store.reading(id)
      pause()
      revoke(session)
      if (store.writeIf(place, session)) return
    }
  },
} satisfies Record<string, RevokeAuthentication>

function revoke(session: Session): void {
  session.isAuthenticated = false
  session.version += 1
}
