/**
 * changeMetadata: changes any number of a session's metadata keys as one step, and, if the caller wants, the session's expiry.
 *
 * The caller's function computes the change, so a new value may depend on old ones. Unlike `updateSession` it counts no access.
 */
import { NotAFunctionError } from '../errors.ts'
import { expiryAfter, nextVersion } from '../session.ts'
import type { Session } from '../session.ts'
import type { SessionStore } from '../store.ts'

/** What a change of a session's metadata sets beside them. */
export interface Lifetime {
  /** In how many milliseconds from now the session expires, more than 0; Infinity for never. */
  readonly timeToLive: number
  /** Whether the session is authenticated from then on. Default: as before. */
  readonly isAuthenticated?: boolean
}

/**
 * A function that changes a session's metadata in place. It gets a copy of them and of the session, as both are at one moment.
 *
 * It returns nothing to have the metadata written, a `Lifetime` to set the session's expiry as well and whether it is authenticated, or false
 * to leave the session as it is. If it throws, the session is not changed either. If another thread changes the session meanwhile, the
 * function is called again with the new metadata. So it must have no effect outside of the map, and must not keep values from
 * an earlier call.
 */
export type MetadataChange = (metadata: Map<string, string>, session: Readonly<Session>) => Lifetime | false | void

/**
 * Calls `change` with a session's metadata, writes the changed metadata, and returns whether anything was written. Throws
 * NotAFunctionError, SessionNotFoundError, TextTooLongError, NotTextError, TimeToLiveError, or what `change` throws.
 *
 * The write is made only if the session has not changed since it was read. Otherwise `change` is called again.
 */
export function changeMetadata(store: SessionStore, id: string, change: MetadataChange): boolean {
  if (typeof change !== 'function') throw new NotAFunctionError('change', change)
  for (;;) {
    const { session, stamp } = store.reading(id)
    const wanted = change(session.metadata, session)
    if (wanted === false) return false
    if (wanted) {
      session.expiresAt = expiryAfter(wanted.timeToLive)
      session.isAuthenticated = wanted.isAuthenticated ?? session.isAuthenticated
    }
    session.version = nextVersion(session.version)
    session.lastActivity = Date.now()
    if (store.writeIf(stamp, session)) return true
  }
}
