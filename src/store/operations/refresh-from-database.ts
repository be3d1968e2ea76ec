/**
 * refreshFromDatabase: updates a session from its row in the database.
 *
 * The fetch is slow, and the session may change during it. Then the fetched row is old and must not be taken.
 */
import type { Database, Row } from '../database/database.ts'
import { noPause } from '../pause.ts'
import type { Pause } from '../pause.ts'
import type { Session } from '../session.ts'
import type { SessionStore } from '../store.ts'

/**
 * The result of a refresh:
 *
 *   `applied`     the session now has the row's data and version
 *   `discarded`   the row was not newer than the session, or the session was replaced by another one with its id
 *   `no-row`      the database has no row for the id
 */
export type Refreshed = 'applied' | 'discarded' | 'no-row'

/** What a rule decides on: the session as it is now, the version that it had before the fetch, and the row. */
export interface Fetched {
  readonly cached: Session
  readonly remembered: number
  readonly row: Row
}

/** Whether to take a row, and which version the session then has. */
export interface RefreshRule {
  takes(fetched: Fetched): boolean
  version(fetched: Fetched): number
}

const newerOnly: RefreshRule = {
  takes: ({ cached, row }) => row.version > cached.version,
  version: ({ row }) => row.version,
}

/**
 * Fetches a session's row and takes it if its version is newer than the session's at the moment of the write. Sound if the
 * database assigns the versions. Throws SessionNotFoundError, TextTooLongError for a row that does not fit, or what the
 * database throws.
 */
export function refreshFromDatabase(
  store: SessionStore,
  database: Database,
  id: string,
  pause: Pause = noPause,
): Refreshed {
  return refreshBy(newerOnly, store, database, id, pause)
}

/** Fetches a session's row and takes it if the rule says so. Throws what `refreshFromDatabase` throws. */
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
    const { session: cached, stamp, born } = store.reading(id)
    // The session of the row no longer exists. The session that has its id now is another one.
    if (stamp.slot !== before.stamp.slot || born !== before.born) return 'discarded'
    const fetched = { cached, remembered, row }
    if (!rule.takes(fetched)) return 'discarded'
    // The decision and the write are one step: if the session changes in between, the rule decides again.
    const fresh = { ...cached, ...row.data, id: cached.id, version: rule.version(fetched), cacheTime: Date.now() }
    if (store.writeIf(stamp, fresh)) return 'applied'
  }
}
