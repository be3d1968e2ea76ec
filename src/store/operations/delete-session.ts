/** deleteSession: makes a session unusable and its row due for clean-up. */
import type { SessionStore } from '../store.ts'

/**
 * Deletes a session and returns true for the one caller that did it; false if there is no such session.
 *
 * One compare-and-swap of the control word takes the session out of the store, out of every count, and into the set of
 * sessions that wait for clean-up.
 */
export function deleteSession(store: SessionStore, id: string): boolean {
  return store.remove(id)
}
