/** createSession: stores a new session's row in the database, and then makes the session visible in one step. */
import { randomUUID } from 'node:crypto'
import { latin1 } from '../../memory/text.ts'
import type { Database } from '../database/database.ts'
import { SessionExistsError, StoreFullError } from '../errors.ts'
import { checkEvict } from '../evict.ts'
import type { Evict } from '../evict.ts'
import { checkBoolean } from '../options.ts'
import type { Known } from '../options.ts'
import { makeRoom } from './make-room.ts'
import { cleanNow } from './run-cleanup.ts'
import { dataOf, expiryAfter } from '../session.ts'
import type { Session } from '../session.ts'
import type { SessionStore } from '../store.ts'

const uuidBytes = Buffer.alloc(36)

/** Returns a random UUID as one flat string. V8 joins it from pieces, which makes every later access to its characters slower. */
function newId(): string {
  uuidBytes.write(randomUUID(), 'latin1')
  return latin1(uuidBytes, 0, uuidBytes.length)
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
  /**
   * Which session gives way if the store is full: `evictAnonymous`, `evictOldest`, or a function of your own. Deleted and expired
   * sessions are then cleaned up first, of other ids as well as of this one. With `evictNone` only these are. Default: none, and a full
   * store refuses the session at once.
   */
  readonly evict?: Evict
}

/** The names of the options of a new session. */
export const NEW_SESSION: Known<NewSession> = {
  id: true,
  isAuthenticated: true,
  metadata: true,
  timeToLive: true,
  evict: true,
}

/**
 * Creates a session and its row, and returns the session's id. Throws SessionExistsError, StoreFullError, TextTooLongError,
 * NotTextError, NotAMapError, OptionsError, TimeToLiveError, or what the database throws. If it throws, the session is not created.
 */
export function createSession(
  store: SessionStore,
  database: Database | undefined,
  userId: string,
  username: string,
  { id = newId(), isAuthenticated = true, metadata = new Map(), timeToLive = Infinity, evict }: NewSession = {},
): string {
  checkBoolean('isAuthenticated', isAuthenticated, NEW_SESSION)
  checkEvict(evict)
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
    metadata: metadata as Map<string, string>,
  }
  // The row is stored before the session is visible, so that it is there when another thread deletes the session.
  const storeRow = database && (() => database.store(id, { data: dataOf(session), version: session.version }))
  const room = evict && (() => makeRoom(store, database, evict))
  let refusal = store.insert(session, storeRow, room)
  if (refusal === 'exists' && isFreed(store, database, id, evict !== undefined))
    refusal = store.insert(session, storeRow, room)
  if (refusal === 'exists') throw new SessionExistsError(id)
  if (refusal === 'full') {
    store.count('refused')
    throw new StoreFullError(store.layout.capacity)
  }
  return id
}

/**
 * Frees a taken id if its session has expired, and the database drops its row; returns whether it has. An expired session must not keep
 * its id. A deleted one gives it back as well if the caller makes room.
 */
function isFreed(store: SessionStore, database: Database | undefined, id: string, makesRoom: boolean): boolean {
  const slot = store.slotOf(id)
  if (slot === undefined) return false
  // An operation that met the session may have ended it already.
  const { records } = store
  const isEnded = makesRoom || records.expire(slot) || records.isOver(slot)
  return isEnded && cleanNow(store, database, slot).cleaned > 0
}
