/**
 * refreshFromDatabase: updates a session from its row in the database.
 *
 * The fetch is slow, and the session may change during it. Then the fetched row is old and must not be taken. The variants
 * differ only in the rule by which they decide whether to take the row.
 */
import type { Database } from '../../store/database/database.ts'
import { refreshBy, refreshFromDatabase as product } from '../../store/operations/refresh-from-database.ts'
import type { RefreshRule, Refreshed } from '../../store/operations/refresh-from-database.ts'
import type { Pause } from '../../store/pause.ts'
import type { SessionStore } from '../../store/store.ts'

/**
 * Refreshes a session. Throws SessionNotFoundError, TextTooLongError for a row that does not fit, or what the database
 * throws.
 */
export type RefreshFromDatabase = (store: SessionStore, database: Database, id: string, pause?: Pause) => Refreshed

export const refreshFromDatabase = {
  /** Broken: `>=` is also true if the session has changed meanwhile. The version is kept, although the data are older. */
  buggy: by({
    takes: ({ cached, remembered }) => cached.version >= remembered,
    version: ({ cached }) => cached.version,
  }),

  /** Broken, the published hint: versions only grow, so this is never true and nothing is ever refreshed. */
  'less-than': by({
    takes: ({ cached, remembered }) => cached.version < remembered,
    version: ({ cached }) => cached.version,
  }),

  /** Takes the row only if the session has not changed meanwhile. Sound if no version is used twice. */
  'version-equal': by({
    takes: ({ cached, remembered }) => cached.version === remembered,
    version: ({ cached }) => cached.version + 1,
  }),

  /** Takes the row only if its version is newer than the session's: the product's own operation. */
  'newer-only': product,

  /** Broken: takes the row if its time is not older than the session's. Two writes in one tick of the clock have equal times. */
  timestamp: by({
    takes: ({ cached, row }) => tickOf(row.data.lastActivity) >= tickOf(cached.lastActivity),
    version: ({ cached }) => cached.version,
  }),
} satisfies Record<string, RefreshFromDatabase>

/** Returns a time in whole seconds, as databases often store it (SQL's CURRENT_TIMESTAMP, an HTTP date). */
function tickOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1000)
}

function by(rule: RefreshRule): RefreshFromDatabase {
  return (store, database, id, pause) => refreshBy(rule, store, database, id, pause)
}
