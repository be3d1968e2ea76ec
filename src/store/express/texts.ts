/**
 * A session as texts: each of its keys with its value as JSON. The metadata of a session in shared memory holds these texts, and
 * the store compares them to find what a request has changed.
 */
import type { SessionData } from 'express-session'
import { typeName } from '../../errors.ts'
import { CorruptStoreError, NotASessionError } from '../errors.ts'

/** The keys of a session, each with its value as JSON. */
export type Texts = ReadonlyMap<string, string>

/**
 * Returns the texts of a session. Values change as in express-session's MemoryStore, which turns the whole session into JSON: a
 * Date becomes a string in ISO form, and an object with `toJSON` becomes what that returns. Keys whose value has no JSON are left
 * out. Throws NotASessionError.
 */
export function textsOf(session: object): Texts {
  checkIsSession(session)
  // The session goes through JSON and back first, so that equal values have equal texts.
  const plain = jsonOf(session)
  checkIsSession(plain)
  return new Map(Object.entries(plain as object).map(([key, value]) => [key, JSON.stringify(value)]))
}

/**
 * Throws NotASessionError unless the session, or the part of it that `what` names, is an object and no array. In plain JavaScript the
 * argument can be anything.
 */
export function checkIsSession(session: unknown, what = 'is'): void {
  if (typeof session !== 'object' || session === null || Array.isArray(session))
    throw new NotASessionError(`${what} of type ${typeName(session)}`)
}

function jsonOf(session: object): unknown {
  try {
    // The JSON of an object is undefined if its `toJSON` returns undefined or a function.
    return JSON.parse(JSON.stringify(session) ?? 'null')
  } catch (cause) {
    const [why] = String((cause as Error | undefined)?.message).split('\n')
    throw new NotASessionError(`cannot be turned into JSON (${why})`, { cause })
  }
}

/** Returns the session of the texts as plain data that belongs to the caller. Throws CorruptStoreError. */
export function sessionOf(texts: Texts): SessionData {
  return Object.fromEntries([...texts].map(([key, text]) => [key, valueOf(text)])) as unknown as SessionData
}

/** Returns the value of a key from its JSON. Throws CorruptStoreError if the text is none: this store sets no such text. */
export function valueOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new CorruptStoreError(`A key of a session has a value that is not JSON: ${JSON.stringify(text.slice(0, 60))}`)
  }
}
