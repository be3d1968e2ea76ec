/** What a session is, and how large it may be. */
import type { RowData } from './database/database.ts'
import { NotTextError, TimeToLiveError } from './errors.ts'

/** A session as it was at one moment: the caller's own copy. */
export interface Session extends RowData {
  /** A UUID, or the caller's own text. It never changes. */
  readonly id: string
  /** Grows with every change; a row of the database has the version it was stored with. */
  version: number
  /** When its data came into this store, from its creator or from the database, in whole milliseconds since 1970. */
  cacheTime: number
  /** When it stops being there, in whole milliseconds since 1970; Infinity for never. */
  expiresAt: number
}

/** Throws TimeToLiveError unless it is a number of milliseconds, or Infinity. */
export function checkTimeToLive(timeToLive: number): void {
  // Text would be a number to the comparison, and text when it is added to the time.
  if (typeof timeToLive !== 'number' || !(timeToLive > 0)) throw new TimeToLiveError(timeToLive)
}

/** When a session expires that has so many milliseconds from now. Throws TimeToLiveError. */
export function expiryAfter(timeToLive: number): number {
  checkTimeToLive(timeToLive)
  return timeToLive === Infinity ? Infinity : Math.ceil(Date.now() + timeToLive)
}

/** What the database keeps of a session, beside its id and version. */
export function dataOf({ userId, username, accessCount, isAuthenticated, lastActivity, metadata }: Session): RowData {
  return { userId, username, accessCount, isAuthenticated, lastActivity, metadata }
}

/**
 * The longest id, user id and user name, in bytes: a byte a character if all of a text's characters are Latin-1, else two a
 * UTF-16 unit. A UUID takes 36. Of the metadata's space each key and each value takes its bytes, counted in the same way and
 * rounded up to four, and four more.
 */
export const MAX_TEXT_BYTES = 128

/** The most that a store can be allocated with for each session. */
export const MAX_METADATA_BYTES = 2 ** 20

/** Id, user id and user name. */
export const NAMES = 3

/** Without TypeScript anything may come. Throws NotTextError. */
export function checkIsText(what: string, text: unknown): void {
  if (typeof text !== 'string') throw new NotTextError(what, text)
}
