/** deleteSession: makes a session unusable and its row due for clean-up. */
import type { SessionStore } from '../store.ts'

/**
 * Deletes a session and returns true; false if there is no such session, or another caller has deleted it first.
 *
 * One compare-and-swap of the control word removes the session from the store and from every count, and adds it to the set
 * of sessions that wait for clean-up.
 */
export function deleteSession(store: SessionStore, id: string): boolean {
  return store.remove(id)
}
