/**
 * deleteSession: makes a session unusable and its row due for clean-up; says whether this call did it.
 */
import type { SessionStore } from './store.ts'

/** False when there is no such session, or somebody else deleted it first. */
export type DeleteSession = (store: SessionStore, id: string) => boolean

export const deleteSession = {
  /** One compare-and-swap of the session's control word: gone from the store, off the count and in the queue at once. */
  'state-machine'(store, id) {
    return store.remove(id)
  },
} satisfies Record<string, DeleteSession>
