/** touchSession: sets when a session expires. */
import { expiryAfter } from '../session.ts'
import type { SessionStore } from '../store.ts'

/**
 * Lets a session expire `timeToLive` milliseconds from now (Infinity: never), and sets its last activity to now. Its version and
 * its access count stay. Throws SessionNotFoundError or TimeToLiveError.
 */
export function touchSession(store: SessionStore, id: string, timeToLive: number): void {
  const expiresAt = expiryAfter(timeToLive)
  for (;;) {
    const { session, stamp } = store.reading(id)
    if (store.writeIf(stamp, { ...session, expiresAt, lastActivity: Date.now() })) return
  }
}
