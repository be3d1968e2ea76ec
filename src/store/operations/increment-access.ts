/** incrementAccess: counts one access of a session and returns the new count. */
import { noPause } from '../pause.ts'
import type { Pause } from '../pause.ts'
import type { SessionStore } from '../store.ts'

/**
 * Counts one access of a session and returns the new count. Throws SessionNotFoundError.
 *
 * The write is made only if the session has not changed since it was found. Otherwise the operation starts again.
 */
export function incrementAccess(store: SessionStore, id: string, pause: Pause = noPause): number {
  for (;;) {
    const stamp = store.stamp(id)
    pause()
    const count = store.countIf(stamp)
    if (count !== undefined) return count
  }
}
