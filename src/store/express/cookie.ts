/**
 * The cookie of a session: a key with rules of its own. It says how long the session lives, and express-session sets a new expiry
 * at the end of every request, even of one that changed nothing. So a cookie in which only the expiry is new is not a change but a
 * touch.
 */

import { valueOf } from './texts.ts'

/** The session key that holds the cookie. */
export const COOKIE = 'cookie'

interface Cookie {
  readonly expires?: string | number | null
}

/**
 * Returns the merged cookie, where the request read `base` and left `mine`, and the session now has `theirs`. If this request
 * changed settings, the answer is `mine`. Otherwise the request only touched the cookie: if another request changed settings, the
 * answer is `theirs`, else it is the cookie with the later expiry.
 */
export function mergedCookie(
  theirs: string | undefined,
  mine: string | undefined,
  base: string | undefined,
): string | undefined {
  if (settingsOf(mine) !== settingsOf(base)) return mine
  if (settingsOf(theirs) !== settingsOf(base)) return theirs
  return (expiryOf(mine) ?? 0) < (expiryOf(theirs) ?? 0) ? theirs : mine
}

/** Returns how many milliseconds a session with this cookie lives from now, or `otherwise` if the cookie has no expiry. */
export function timeToLive(cookie: string | undefined, otherwise: number): number {
  const expires = expiryOf(cookie)
  // For an expiry in the past, the shortest time: the session expires at once, in the same step as any other change.
  return expires === undefined ? otherwise : Math.max(expires - Date.now(), Number.MIN_VALUE)
}

/** Returns when the cookie expires, in milliseconds since 1970; undefined if it has no expiry. */
function expiryOf(cookie: string | undefined): number | undefined {
  const { expires } = parsed(cookie)
  const time = typeof expires === 'string' ? Date.parse(expires) : expires
  return typeof time === 'number' && !Number.isNaN(time) ? time : undefined
}

/** Returns the cookie without its expiry, as JSON. */
function settingsOf(cookie: string | undefined): string {
  return JSON.stringify({ ...parsed(cookie), expires: undefined })
}

function parsed(cookie: string | undefined): Cookie {
  return cookie === undefined ? {} : ((valueOf(cookie) as Cookie | null) ?? {})
}
