/** touchSession: gives a session time to live from now on, and nothing else. */
import { expiryAfter } from '../session.ts'
import type { SessionStore } from '../store.ts'

/** Milliseconds from now; Infinity for ever. Throws SessionNotFoundError or TimeToLiveError. */
export function touchSession(store: SessionStore, id: string, timeToLive: number): void {
  const expiresAt = expiryAfter(timeToLive)
  for (;;) {
    const { session, place } = store.reading(id)
    if (store.writeIf(place, { ...session, expiresAt, lastActivity: Date.now() })) return
  }
}
