/**
 * The merge: applies the changes of one request to the session as other requests have left it meanwhile. It works key by key and
 * never looks inside a value. Values that belong together should be under one key; then they always come from one request.
 */
import { COOKIE, mergedCookie } from './cookie.ts'
import type { Resolve } from './resolve.ts'
import { valueOf } from './texts.ts'
import type { Texts } from './texts.ts'

/**
 * Changes `theirs`, the session as it is now, by what this request has changed: the session was `base` when the request read it,
 * and the request left it as `mine`. Keys that the request did not change keep their value in `theirs`.
 */
export function merge(theirs: Map<string, string>, mine: Texts, base: Texts, resolve: Resolve): void {
  for (const key of new Set([...base.keys(), ...mine.keys()])) {
    const [ours, before, now] = [mine.get(key), base.get(key), theirs.get(key)]
    if (ours === before) continue
    if (key === COOKIE) put(theirs, key, mergedCookie(now, ours, before))
    // Equal changes are a conflict too: if two requests count from 1 to 2, one increment would be lost.
    else if (now !== before) put(theirs, key, textOf(resolve(key, given(now), given(ours), given(before))))
    else put(theirs, key, ours)
  }
}

/** Sets a key, or removes it if `text` is undefined. */
export function put(texts: Map<string, string>, key: string, text: string | undefined): void {
  if (text === undefined) texts.delete(key)
  else texts.set(key, text)
}

function given(text: string | undefined): unknown {
  return text === undefined ? undefined : valueOf(text)
}

/** Returns the JSON of a value; undefined if it has none. */
function textOf(value: unknown): string | undefined {
  return JSON.stringify(value)
}
