/**
 * refreshFromDatabase: brings a session up to date with its row in the database.
 *
 * The fetch is slow, and the session may change while it is under way. Then the row that comes back is old, and must not be
 * taken. The variants differ in how they tell, and in nothing else.
 */
import type { Database } from '../../store/database/database.ts'
import {
  type RefreshRule,
  type Refreshed,
  refreshBy,
  refreshFromDatabase as product,
} from '../../store/operations/refresh-from-database.ts'
import type { Pause } from '../../store/pause.ts'
import type { SessionStore } from '../../store/store.ts'

/** Throws SessionNotFoundError, TextTooLongError for a row that does not fit, or what the database throws. */
export type RefreshFromDatabase = (store: SessionStore, database: Database, id: string, pause?: Pause) => Refreshed

export const refreshFromDatabase = {
  /** `>=` the wrong way round: it is true above all when the session has changed meanwhile. The version stays, and lies. */
  buggy: by({
    takes: ({ cached, remembered }) => cached.version >= remembered,
    version: ({ cached }) => cached.version,
  }),

  /** The published hint. Versions only grow, so this is never true, and nothing is ever refreshed. */
  'less-than': by({
    takes: ({ cached, remembered }) => cached.version < remembered,
    version: ({ cached }) => cached.version,
  }),

  /** Only if nobody has changed the session meanwhile. Holds as long as no version is used twice. */
  'version-equal': by({
    takes: ({ cached, remembered }) => cached.version === remembered,
    version: ({ cached }) => cached.version + 1,
  }),

  /** Only if the row is newer, whatever happened meanwhile: the product's own operation. */
  'newer-only': product,

  /** Only if the row was not written earlier, by the clock. Two writes in one tick of the clock look the same to it. */
  timestamp: by({
    takes: ({ cached, row }) => tickOf(row.data.lastActivity) >= tickOf(cached.lastActivity),
    version: ({ cached }) => cached.version,
  }),
} satisfies Record<string, RefreshFromDatabase>

/** A database's clock, as it is usually stored (SQL's CURRENT_TIMESTAMP, an HTTP date), ticks in whole seconds. */
function tickOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1000)
}

function by(rule: RefreshRule): RefreshFromDatabase {
  return (store, database, id, pause) => refreshBy(rule, store, database, id, pause)
}
