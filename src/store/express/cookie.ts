/**
 * The cookie of a session: one of its keys, and not like the others. It says how long the session lives, and express-session
 * sets its expiry anew at the end of every request, also of one that changed nothing. So a cookie of which only the expiry
 * is new is no change: it is a touch.
 */

export const COOKIE = 'cookie'

interface Cookie {
  readonly expires?: string | number | null
}

/**
 * What becomes of the cookie that was read as `base`, is `theirs` now, and was left as `mine` by this request. Settings that
 * this request changed are taken; a touch moves the expiry, never back, and leaves settings that others changed alone.
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

/** How many milliseconds a session with this cookie lives from now, or `otherwise` when the cookie does not say. */
export function timeToLive(cookie: string | undefined, otherwise: number): number {
  const expires = expiryOf(cookie)
  // The least time there is for one that is over: the session is gone at once, by the same step as any other change.
  return expires === undefined ? otherwise : Math.max(expires - Date.now(), Number.MIN_VALUE)
}

/** When the cookie expires, in milliseconds since 1970. */
function expiryOf(cookie: string | undefined): number | undefined {
  const { expires } = parsed(cookie)
  const time = typeof expires === 'string' ? Date.parse(expires) : expires
  return typeof time === 'number' && !Number.isNaN(time) ? time : undefined
}

/** All of the cookie but its expiry. */
function settingsOf(cookie: string | undefined): string {
  return JSON.stringify({ ...parsed(cookie), expires: undefined })
}

function parsed(cookie: string | undefined): Cookie {
  return cookie === undefined ? {} : ((JSON.parse(cookie) as Cookie | null) ?? {})
}
