/** revokeAuthentication: makes a session no longer authenticated, as an administrator does with a stolen one. */
import { noPause } from '../pause.ts'
import type { Pause } from '../pause.ts'
import { nextVersion } from '../session.ts'
import type { SessionStore } from '../store.ts'

/**
 * Sets a session's `isAuthenticated` to false, increments its version, and changes nothing else. Throws SessionNotFoundError.
 *
 * The write is made only if the session has not changed since it was read. Otherwise the operation starts again, so that no
 * change of another thread is lost.
 */
export function revokeAuthentication(store: SessionStore, id: string, pause: Pause = noPause): void {
  for (;;) {
    const { session, stamp } = store.reading(id)
    pause()
    session.isAuthenticated = false
    session.version = nextVersion(session.version)
    if (store.writeIf(stamp, session)) return
  }
}
