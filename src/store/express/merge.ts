/**
 * Merging: what one request changed in a session, applied to the session as others have left it meanwhile. Key by key, never
 * deeper: what hangs together belongs under one key, and is then never half of one request and half of another.
 */
import { COOKIE, mergedCookie } from './cookie.ts'
import type { Resolve } from './resolve.ts'
import type { Texts } from './texts.ts'

/**
 * Applies to `theirs`, which is the session now, what became of it in this request: `mine`, where it was `base` when the
 * request read it. Keys that the request did not touch are left alone, whatever they are now.
 */
export function merge(theirs: Map<string, string>, mine: Texts, base: Texts, resolve: Resolve): void {
  for (const key of new Set([...base.keys(), ...mine.keys()])) {
    const [ours, before, now] = [mine.get(key), base.get(key), theirs.get(key)]
    if (ours === before) continue
    if (key === COOKIE) put(theirs, key, mergedCookie(now, ours, before))
    // Equal changes are a conflict too: of two that count from 1 to 2, one would be lost.
    else if (now !== before) put(theirs, key, textOf(resolve(key, valueOf(now), valueOf(ours), valueOf(before))))
    else put(theirs, key, ours)
  }
}

/** Sets a key, or removes it. */
export function put(texts: Map<string, string>, key: string, text: string | undefined): void {
  if (text === undefined) texts.delete(key)
  else texts.set(key, text)
}

function valueOf(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text)
}

/** Undefined for what JSON has no text for. */
function textOf(value: unknown): string | undefined {
  return JSON.stringify(value)
}
