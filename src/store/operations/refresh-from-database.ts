/**
 * refreshFromDatabase: brings a session up to date with its row in the database.
 *
 * Fetching is slow, and the session may change meanwhile. Then the row that arrives is old and must not be taken.
 */
import type { Database, Row } from '../database/database.ts'
import { type Pause, noPause } from '../pause.ts'
import type { Session } from '../session.ts'
import type { SessionStore } from '../store.ts'

/** What became of a refresh: the row was taken, or it was no newer and was discarded, or the database has no row. */
export type Refreshed = 'applied' | 'discarded' | 'no-row'

/** What a rule decides by: the session as it is now, the version it had before the fetch, and the row. */
export interface Fetched {
  readonly cached: Session
  readonly remembered: number
  readonly row: Row
}

/** When to take a row, and which version the session has then. */
export interface RefreshRule {
  takes(fetched: Fetched): boolean
  version(fetched: Fetched): number
}

const newerOnly: RefreshRule = {
  takes: ({ cached, row }) => row.version > cached.version,
  version: ({ row }) => row.version,
}

/**
 * Fetches a session's row and takes it if it is newer than the session, whatever happened meanwhile. Sound if the database
 * assigns the versions. Throws SessionNotFoundError, TextTooLongError for a row that does not fit, or what the database throws.
 */
export function refreshFromDatabase(
  store: SessionStore,
  database: Database,
  id: string,
  pause: Pause = noPause,
): Refreshed {
  return refreshBy(newerOnly, store, database, id, pause)
}

/** Fetches a session's row and takes it if the rule says so. Throws as `refreshFromDatabase`. */
export function refreshBy(
  rule: RefreshRule,
  store: SessionStore,
  database: Database,
  id: string,
  pause: Pause = noPause,
): Refreshed {
  const before = store.reading(id)
  const remembered = before.session.version
  const row = database.fetch(id)
  pause()
  if (row === undefined) return 'no-row'
  for (;;) {
    const { session: cached, place, born } = store.reading(id)
    // The row belongs to a session that is gone. The session that has the id now is another one.
    if (place.slot !== before.place.slot || born !== before.born) return 'discarded'
    const fetched = { cached, remembered, row }
    if (!rule.takes(fetched)) return 'discarded'
    // The decision and the write are one step: a change of the session in between leads to a new decision.
    const fresh = { ...cached, ...row.data, id: cached.id, version: rule.version(fetched), cacheTime: Date.now() }
    if (store.writeIf(place, fresh)) return 'applied'
  }
}
