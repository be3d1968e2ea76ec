/**
 * refreshFromDatabase: brings a session up to date with its row in the database.
 *
 * The fetch is slow, and the session may change while it is under way. Data and version are fetched together.
 */
import type { Database } from '../database/database.ts'
import { type Pause, noPause } from './pause.ts'
import type { SessionStore } from './store.ts'

/** What became of it: the row was newer and was taken; it was not, and was rightly discarded; or there is no row. */
export type Refreshed = 'applied' | 'discarded' | 'no-row'

/** Throws SessionNotFoundError, TextTooLongError for a row that does not fit, or what the database throws. */
export type RefreshFromDatabase = (store: SessionStore, database: Database, id: string, pause?: Pause) => Refreshed

export const refreshFromDatabase = {
  /** Takes the row only if its version is newer than the session's, and in one step with looking. */
  'newer-only'(store, database, id, pause = noPause) {
    const row = database.fetch(id)
    pause()
    if (row === undefined) return 'no-row'
    for (;;) {
      const { session, place } = store.reading(id)
      if (row.version <= session.version) return 'discarded'
      if (store.writeIf(place, { ...session, ...row.data, version: row.version, cacheTime: Date.now() }))
        return 'applied'
    }
  },
} satisfies Record<string, RefreshFromDatabase>
