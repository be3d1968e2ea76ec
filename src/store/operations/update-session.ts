/** updateSession: sets one metadata key of a session and counts one access. */
import { noPause } from '../pause.ts'
import type { Pause } from '../pause.ts'
import type { SessionStore } from '../store.ts'

/**
 * Sets one metadata key of a session and counts one access, as one step. Throws SessionNotFoundError, NotTextError, or
 * TextTooLongError if the metadata would not fit.
 *
 * The write is made only if the session has not changed since it was found. Otherwise the operation starts again.
 */
export function updateSession(
  store: SessionStore,
  id: string,
  key: string,
  value: string,
  pause: Pause = noPause,
): void {
  for (;;) {
    const stamp = store.stamp(id)
    pause()
    if (store.setIf(stamp, key, value)) return
  }
}
