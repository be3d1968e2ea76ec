/**
 * refreshFromDatabase: brings a session up to date with its row in the database.
 *
 * The fetch is slow, and the session may change while it is under way. Then the row that comes back is old, and must not be
 * taken. The variants differ in how they tell, and in nothing else.
 */
import type { Database, Row } from '../database/database.ts'
import { type Pause, noPause } from '../pause.ts'
import type { Session } from '../session.ts'
import type { SessionStore } from '../store.ts'

/** What became of it: the row was taken; it was found to be no newer, and discarded; or there is no row. */
export type Refreshed = 'applied' | 'discarded' | 'no-row'

/** Throws SessionNotFoundError, TextTooLongError for a row that does not fit, or what the database throws. */
export type RefreshFromDatabase = (store: SessionStore, database: Database, id: string, pause?: Pause) => Refreshed

/** What there is to decide by: the session as it is now, the version it had before the fetch, and the row. */
interface Fetched {
  readonly cached: Session
  readonly remembered: number
  readonly row: Row
}

/** Whether to take the row, and the version the session has then. */
interface Rule {
  takes(fetched: Fetched): boolean
  version(fetched: Fetched): number
}

export const refreshFromDatabase = {
  /** `>=` the wrong way round: it is true above all when the session has changed meanwhile. The version stays, and lies. */
  buggy: refreshBy({
    takes: ({ cached, remembered }) => cached.version >= remembered,
    version: ({ cached }) => cached.version,
  }),

  /** The published hint. Versions only grow, so this is never true, and nothing is ever refreshed. */
  'less-than': refreshBy({
    takes: ({ cached, remembered }) => cached.version < remembered,
    version: ({ cached }) => cached.version,
  }),

  /** Only if nobody has changed the session meanwhile. Holds as long as no version is used twice. */
  'version-equal': refreshBy({
    takes: ({ cached, remembered }) => cached.version === remembered,
    version: ({ cached }) => cached.version + 1,
  }),

  /** Only if the row is newer, whatever happened meanwhile. Holds if the database gives out the versions. */
  'newer-only': refreshBy({
    takes: ({ cached, row }) => row.version > cached.version,
    version: ({ row }) => row.version,
  }),

  /** Only if the row was not written earlier, by the clock. Two writes in one tick of the clock look the same to it. */
  timestamp: refreshBy({
    takes: ({ cached, row }) => tickOf(row.data.lastActivity) >= tickOf(cached.lastActivity),
    version: ({ cached }) => cached.version,
  }),
} satisfies Record<string, RefreshFromDatabase>

/** A database's clock, as it is usually stored (SQL's CURRENT_TIMESTAMP, an HTTP date), ticks in whole seconds. */
function tickOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1000)
}

function refreshBy({ takes, version }: Rule): RefreshFromDatabase {
  return (store, database, id, pause = noPause) => {
    const before = store.reading(id)
    const remembered = before.session.version
    const row = database.fetch(id)
    pause()
    if (row === undefined) return 'no-row'
    for (;;) {
      const { session: cached, place, born } = store.reading(id)
      // The row is of a session that is gone; this is another one of its id.
      if (place.slot !== before.place.slot || born !== before.born) return 'discarded'
      const fetched = { cached, remembered, row }
      if (!takes(fetched)) return 'discarded'
      // Deciding and taking are one step: whatever changes the session in between makes it decide again.
      const fresh = { ...cached, ...row.data, id: cached.id, version: version(fetched), cacheTime: Date.now() }
      if (store.writeIf(place, fresh)) return 'applied'
    }
  }
}
