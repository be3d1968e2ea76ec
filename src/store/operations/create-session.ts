/** createSession: puts a new session's row into the database, and then the session in, visible all at once. */
import { randomUUID } from 'node:crypto'
import type { Database } from '../database/database.ts'
import { SessionExistsError } from '../errors.ts'
import type { Known } from '../options.ts'
import { reclaimExpired } from './run-cleanup.ts'
import { type Session, dataOf, expiryAfter } from '../session.ts'
import type { SessionStore } from '../store.ts'

/** A random UUID, as one flat string: V8 makes it of pieces, and every later look at one of its characters would cost more. */
function newId(): string {
  return Buffer.from(randomUUID(), 'latin1').toString('latin1')
}

export interface NewSession {
  /** Default: a UUID. */
  readonly id?: string
  /** Default: true. A session is usually created by a log-in. */
  readonly isAuthenticated?: boolean
  readonly metadata?: ReadonlyMap<string, string>
  /** After how many milliseconds without a `touch` it stops being there. Default: never. */
  readonly timeToLive?: number
}

export const NEW_SESSION: Known<NewSession> = { id: true, isAuthenticated: true, metadata: true, timeToLive: true }

/**
 * Returns the id. Throws SessionExistsError, StoreFullError or TextTooLongError; or what the database throws, and then the
 * session is not created.
 */
export function createSession(
  store: SessionStore,
  database: Database | undefined,
  userId: string,
  username: string,
  { id = newId(), isAuthenticated = true, metadata = new Map(), timeToLive = Infinity }: NewSession = {},
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
    expiresAt: expiryAfter(timeToLive),
    metadata: new Map(metadata),
  }
  // The row first, while nobody can see the session: so it is there when somebody deletes it.
  const storeRow = database && (() => database.store(id, { data: dataOf(session), version: session.version }))
  try {
    store.insert(session, storeRow)
  } catch (refusal) {
    // An expired session of this id is not there for anybody, so it must not be in the way either.
    const slot = refusal instanceof SessionExistsError ? store.slotOf(id) : undefined
    if (slot === undefined || !reclaimExpired(store, database, slot)) throw refusal
    store.insert(session, storeRow)
  }
  return id
}
