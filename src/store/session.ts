/** What a session is, and the limits of its size. */
import type { RowData } from './database/database.ts'
import { typeName } from '../errors.ts'
import { NotAMapError, NotTextError, TimeToLiveError } from './errors.ts'

/**
 * A session as it was at one moment, copied out of shared memory. The copy belongs to the caller: to change it changes nothing
 * in the store.
 */
export interface Session extends RowData {
  /** A generated UUID, or the text that the session was created with. It never changes. */
  readonly id: string
  /**
   * The number of the last change: it grows with every change, and begins again at 0 after 4,294,967,295. A database row has the version
   * that it was stored with.
   */
  version: number
  /** When the data came into this store, from the creator or from the database, in whole milliseconds since 1970. */
  cacheTime: number
  /** When the session expires, in whole milliseconds since 1970; Infinity if it never expires. */
  expiresAt: number
}

/** Throws TimeToLiveError unless `timeToLive` is a number of milliseconds greater than 0, or Infinity. */
export function checkTimeToLive(timeToLive: number): void {
  // A string such as '5' would pass the comparison, and would then be appended to the time instead of added.
  if (typeof timeToLive !== 'number' || !(timeToLive > 0)) throw new TimeToLiveError(timeToLive)
}

/**
 * Returns when a session expires that lives for `timeToLive` milliseconds from now, rounded up to a whole millisecond. A time after the
 * year 287,396, from which on whole milliseconds are not exact, counts as never: Infinity. Throws TimeToLiveError.
 */
export function expiryAfter(timeToLive: number): number {
  checkTimeToLive(timeToLive)
  // Most sessions of most stores never expire. For those the clock is not read.
  if (timeToLive === Infinity) return Infinity
  const expiry = Math.ceil(Date.now() + timeToLive)
  return expiry > Number.MAX_SAFE_INTEGER ? Infinity : expiry
}

/** Returns the version after this one. After 4,294,967,295 comes 0, as wherever a count is kept in one word. */
export function nextVersion(version: number): number {
  return (version + 1) >>> 0
}

/** Returns a copy of what the database stores of a session beside its id and version. */
export function dataOf({ userId, username, accessCount, isAuthenticated, lastActivity, metadata }: Session): RowData {
  return { userId, username, accessCount, isAuthenticated, lastActivity, metadata: new Map(metadata) }
}

/**
 * The greatest length of an id, a user id and a user name, in bytes: 128. A text takes one byte per character if all its
 * characters are Latin-1, otherwise two bytes per UTF-16 code unit; a UUID takes 36. In the metadata each key and each value
 * takes its bytes, counted in the same way and rounded up to a multiple of four, and four bytes more.
 */
export const MAX_TEXT_BYTES = 128

/** The greatest number of bytes that a store can be allocated with for the metadata of each session. */
export const MAX_METADATA_BYTES = 2 ** 20

/** How many names a session has: id, user id and user name. */
export const NAMES = 3

/** Throws NotAMapError unless `metadata` is a Map, of this realm or another one. */
export function checkIsMap(metadata: unknown): void {
  if (!(metadata instanceof Map) && typeName(metadata) !== 'Map') throw new NotAMapError(metadata)
}

/** Throws NotTextError unless `text` is a string. In plain JavaScript the argument can be anything. */
export function checkIsText(what: string, text: unknown): void {
  if (typeof text !== 'string') throw new NotTextError(what, text)
}
