/**
 * A session as texts: each of its keys with its value as JSON. That is what the metadata of a session in shared memory holds,
 * and what is compared.
 */
import type { SessionData } from 'express-session'

export type Texts = ReadonlyMap<string, string>

/**
 * The texts of a session. Values become what MemoryStore makes of them, which turns the whole session into JSON: a Date a text
 * in ISO form, what `toJSON` returns in place of its object; and keys without a JSON value are not there.
 */
export function textsOf(session: object): Texts {
  // Through JSON and back first, so that equal values have equal texts: of one order of keys, and of one form.
  const plain = JSON.parse(JSON.stringify(session)) as Record<string, unknown>
  return new Map(Object.entries(plain).map(([key, value]) => [key, JSON.stringify(value)]))
}

/** The session of these texts: plain data, the caller's own. */
export function sessionOf(texts: Texts): SessionData {
  return Object.fromEntries([...texts].map(([key, text]) => [key, JSON.parse(text)])) as SessionData
}
