/** Which session gives way to a new one when the store is full. */
import { shown } from '../errors.ts'
import { OptionsError } from './errors.ts'

/** What `Evict` gets of a session: the fields of its record that lie in one cache line, without the texts. */
export interface Candidate {
  /** Whether the session is authenticated; in the store for express-session, what its option `isLoggedIn` has said. */
  readonly isAuthenticated: boolean
  /** When the session was last changed or touched, in milliseconds since 1970. */
  readonly lastActivity: number
  /** When the session expires, in milliseconds since 1970; Infinity if it never expires. */
  readonly expiresAt: number
  /** How many accesses of the session were counted. */
  readonly accessCount: number
}

/**
 * Says which session gives way to a new one when the store is full: of the sessions that a creation looks at, the one for which this
 * function returns the lowest number is evicted. A session for which it returns Infinity or NaN is never evicted. The function must not
 * use the store.
 *
 * The function is called with one candidate after the other, in the same object, so it must not keep it. A creation looks at some ten
 * sessions, and at four times as many if none of them may be evicted; the next creation looks at the
 * sessions that follow. So the choice is approximate, as in Redis.
 *
 * @example
 * // The least recently used one, whether its user has logged in or not.
 * const leastRecentlyUsed = ({ lastActivity }) => lastActivity
 * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
 * sessions.createSession('u1', 'alice', { id: 'a' })
 * sessions.createSession('u2', 'bob', { id: 'b', evict: leastRecentlyUsed })
 * sessions.getIds() // ['b']
 */
export type Evict = (candidate: Candidate) => number

/**
 * An `Evict` that evicts no session. Deleted and expired sessions are cleaned up to make room.
 *
 * @example
 * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
 * sessions.deleteSession(sessions.createSession('u1', 'alice')) // true
 * sessions.createSession('u2', 'bob', { id: 'b', evict: evictNone }) // 'b'
 */
export const evictNone: Evict = () => Infinity

/**
 * An `Evict` that evicts the least recently used of the sessions that are not authenticated, and never one that is. So visitors who do
 * not log in cannot end the session of a user who has, however many they are.
 *
 * @example
 * const sessions = new SessionManager(allocateSessionStore({ capacity: 2 }))
 * sessions.createSession('u1', 'alice', { id: 'user' })
 * sessions.createSession('', '', { id: 'one', isAuthenticated: false })
 * sessions.createSession('', '', { id: 'two', isAuthenticated: false, evict: evictAnonymous })
 * sessions.getIds().sort() // ['two', 'user']
 */
export const evictAnonymous: Evict = ({ isAuthenticated, lastActivity }) => (isAuthenticated ? Infinity : lastActivity)

/** More than any time of activity, in milliseconds since 1970; only a row of a database may hold a later one. */
const AFTER_ALL_TIMES = 2 ** 50

/**
 * An `Evict` that evicts the least recently used of the sessions that are not authenticated, and if there is none of these among some
 * ten, the least recently used of all. So it refuses a new session only if each one that it chose was changed meanwhile, or cannot be cleaned up, and a flood of visitors may end
 * the session of a user.
 *
 * @example
 * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
 * sessions.createSession('u1', 'alice', { id: 'a' })
 * sessions.createSession('u2', 'bob', { id: 'b', evict: evictOldest })
 * sessions.getIds() // ['b']
 */
export const evictOldest: Evict = ({ isAuthenticated, lastActivity }) =>
  isAuthenticated ? lastActivity + AFTER_ALL_TIMES : lastActivity

/** Throws OptionsError unless `evict` is a function or undefined: a mistake must not show only when the store is full. */
export function checkEvict(evict: unknown): void {
  if (evict !== undefined && typeof evict !== 'function')
    throw new OptionsError(`The option evict is ${shown(evict)}; it must be a function`, [
      'evictNone',
      'evictAnonymous',
      'evictOldest',
    ])
}
