/**
 * changeMetadata: changes any number of a session's metadata keys as one step, and with them, if wanted, how long it lives.
 *
 * What it changes is the caller's affair; a key may depend on others, and on what was there. Unlike `updateSession` it counts
 * no access: whoever changes several keys may count what counts as one.
 */
import { type Pause, noPause } from '../pause.ts'
import { type Session, expiryAfter } from '../session.ts'
import type { SessionStore } from '../store.ts'

/** What a change asks for beside the metadata. */
export interface Lifetime {
  /** Milliseconds from now; Infinity for ever. */
  readonly timeToLive: number
}

/**
 * Changes the metadata that it is given: the session's as it is at that moment. Returns false to leave the session as it is,
 * or a lifetime to give it. It is called again when somebody else was faster, with what there is then; so it must touch
 * nothing else, and take nothing along from an earlier call. What it throws leaves the session as it is.
 */
export type MetadataChange = (metadata: Map<string, string>, session: Readonly<Session>) => Lifetime | false | void

/**
 * Calls `change` with a session's metadata, writes what it made of them, and returns whether anything was written. Throws
 * SessionNotFoundError, TextTooLongError, TimeToLiveError, or what `change` throws.
 *
 * The write is made only if the session has not changed since it was read. Otherwise `change` is called again.
 */
export function changeMetadata(
  store: SessionStore,
  id: string,
  change: MetadataChange,
  pause: Pause = noPause,
): boolean {
  for (;;) {
    const { session, place } = store.reading(id)
    pause()
    const wanted = change(session.metadata, session)
    if (wanted === false) return false
    if (wanted) session.expiresAt = expiryAfter(wanted.timeToLive)
    session.version += 1
    session.lastActivity = Date.now()
    if (store.writeIf(place, session)) return true
  }
}
