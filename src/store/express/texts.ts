/**
 * A session as texts: each of its keys with its value as JSON. The metadata of a session in shared memory holds these texts, and
 * the store compares them to find what a request has changed.
 */
import type { SessionData } from 'express-session'

/** The keys of a session, each with its value as JSON. */
export type Texts = ReadonlyMap<string, string>

/**
 * Returns the texts of a session. Values change as in express-session's MemoryStore, which turns the whole session into JSON: a
 * Date becomes a string in ISO form, and an object with `toJSON` becomes what that returns. Keys whose value has no JSON are left
 * out.
 */
export function textsOf(session: object): Texts {
  // The session goes through JSON and back first, so that equal values have equal texts.
  const plain = JSON.parse(JSON.stringify(session)) as Record<string, unknown>
  return new Map(Object.entries(plain).map(([key, value]) => [key, JSON.stringify(value)]))
}

/** Returns the session of the texts as plain data that belongs to the caller. */
export function sessionOf(texts: Texts): SessionData {
  return Object.fromEntries([...texts].map(([key, text]) => [key, JSON.parse(text)])) as SessionData
}
