/** createSession: stores a new session's row in the database, and then makes the session visible in one step. */
import { randomUUID } from 'node:crypto'
import type { Database } from '../database/database.ts'
import { SessionExistsError } from '../errors.ts'
import { checkBoolean } from '../options.ts'
import type { Known } from '../options.ts'
import { reclaimExpired } from './run-cleanup.ts'
import { checkIsMap, dataOf, expiryAfter } from '../session.ts'
import type { Session } from '../session.ts'
import type { SessionStore } from '../store.ts'

/** Returns a random UUID as one flat string. V8 joins it from pieces, which makes every later access to its characters slower. */
function newId(): string {
  return Buffer.from(randomUUID(), 'latin1').toString('latin1')
}

/** The properties of a new session, all optional. */
export interface NewSession {
  /** The id. Default: a random UUID. Do not take an id from a client: it could be an id that an attacker knows. */
  readonly id?: string
  /** Whether the session is authenticated. Default: true, because a session is usually created by a log-in. */
  readonly isAuthenticated?: boolean
  /** The metadata. Default: none. The map is copied. */
  readonly metadata?: ReadonlyMap<string, string>
  /** In how many milliseconds from now the session expires, more than 0. Default: Infinity, for never. `touch` changes it. */
  readonly timeToLive?: number
}

/** The names of the options of a new session. */
export const NEW_SESSION: Known<NewSession> = { id: true, isAuthenticated: true, metadata: true, timeToLive: true }

/**
 * Creates a session and its row, and returns the session's id. Throws SessionExistsError, StoreFullError, TextTooLongError,
 * NotTextError, NotAMapError, OptionsError, TimeToLiveError, or what the database throws. If it throws, the session is not created.
 */
export function createSession(
  store: SessionStore,
  database: Database | undefined,
  userId: string,
  username: string,
  { id = newId(), isAuthenticated = true, metadata = new Map(), timeToLive = Infinity }: NewSession = {},
): string {
  checkIsMap(metadata)
  checkBoolean('isAuthenticated', isAuthenticated, NEW_SESSION)
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
  // The row is stored before the session is visible, so that it is there when another thread deletes the session.
  const storeRow = database && (() => database.store(id, { data: dataOf(session), version: session.version }))
  try {
    store.insert(session, storeRow)
  } catch (refusal) {
    // An expired session must not keep its id: it is cleaned up at once, if the database drops its row.
    const slot = refusal instanceof SessionExistsError ? store.slotOf(id) : undefined
    if (slot === undefined || !reclaimExpired(store, database, slot)) throw refusal
    store.insert(session, storeRow)
  }
  return id
}
