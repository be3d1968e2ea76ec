/** deleteSession: makes a session unusable and its row due for clean-up. */
import type { Database } from '../database/database.ts'
import type { Known } from '../options.ts'
import { cleanNow } from './run-cleanup.ts'
import type { SessionStore } from '../store.ts'

/** The options of a deletion. */
export interface Deletion {
  /**
   * Whether the session is cleaned up at once, so that its slot and its id are free. Its row is dropped then; if the database refuses,
   * the session is left to the clean-up. Default false.
   */
  readonly cleanUp?: boolean
}

/** The names of the options of a deletion. */
export const DELETION: Known<Deletion> = { cleanUp: true }

/**
 * Deletes a session and returns true; false if there is no such session, or another caller has deleted it first.
 *
 * One compare-and-swap of the control word removes the session from the store and from every count, and adds it to the set
 * of sessions that wait for clean-up.
 */
export function deleteSession(store: SessionStore, id: string): boolean {
  return store.remove(id) !== undefined
}

/** Deletes a session as `deleteSession` does, and cleans it up at once. */
export function deleteAtOnce(store: SessionStore, database: Database | undefined, id: string): boolean {
  const slot = store.remove(id)
  if (slot === undefined) return false
  cleanNow(store, database, slot)
  return true
}
