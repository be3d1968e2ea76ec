/** createSession: puts a new session's row into the database, and then the session in, visible all at once. */
import { randomUUID } from 'node:crypto'
import type { Database } from '../database/database.ts'
import { type Session, dataOf } from './session.ts'
import type { SessionStore } from './store.ts'

export interface NewSession {
  /** Default: a UUID. */
  readonly id?: string
  /** Default: true. A session is usually created by a log-in. */
  readonly isAuthenticated?: boolean
  readonly metadata?: ReadonlyMap<string, string>
}

/**
 * Returns the id. Throws SessionExistsError, StoreFullError or TextTooLongError; or what the database throws, and then the
 * session is not created.
 */
export function createSession(
  store: SessionStore,
  database: Database | undefined,
  userId: string,
  username: string,
  { id = randomUUID(), isAuthenticated = true, metadata = new Map() }: NewSession = {},
): string {
  const now = Date.now()
  const session: Session = {
    id,
    userId,
    username,
    accessCount: 0,
    version: 1,
    isAuthenticated,
    lastActivity: now,
    cacheTime: now,
    metadata: new Map(metadata),
  }
  // The row first, while nobody can see the session: so it is there when somebody deletes it.
  store.insert(session, database && (() => database.store(id, { data: dataOf(session), version: session.version })))
  return id
}
