/**
 * Native functions that were kept from before the globals were replaced do not know the proxies, and say so in their own
 * words. That is not a failure of the code under test: the explorer could not see through it.
 */
import { types } from 'node:util'
import { ownFolder } from './positions.ts'

const COMPLAINTS = [
  /is not an? (integer|int32|shared|integer shared).* typed array/,
  /this is not a typed array/,
  /called on incompatible receiver/,
  /could not be cloned/,
]

/** What to tell the user, if an error is a native function's complaint about a proxy. */
export function explainFault(error: unknown): string | undefined {
  // Errors of another realm are no instances of this one's.
  if (!types.isNativeError(error)) return undefined
  const handed = Reflect.get(error, 'code') === 'ERR_INVALID_ARG_TYPE' && /Array|Buffer|DataView/.test(error.message)
  if (!handed && !COMPLAINTS.some((complaint) => complaint.test(error.message))) return undefined
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? []
  // Thrown through one of the replaced functions, it is what the code would have met anyway.
  if (frames.find((line) => !NATIVE.test(line))?.includes(CONTROL) === true) return undefined
  return (
    `${nativeName(frames)} was handed a view of shared memory that it cannot see through (${error.message}). ` +
    'Either it was kept from before the exploration began (const { load } = Atomics at the top of a module), ' +
    'or is of another realm (node:vm), or the explorer does not control it: hand it a copy.'
  )
}

/** Where the replaced functions are. */
const CONTROL = ownFolder('../control/').pathname

/** A frame within the engine or Node itself. */
const NATIVE = /\(<anonymous>\)$|\(native\)$|(\(|at )node:/

/** The native function that code called: the outermost frame that is not the code's own. */
function nativeName(frames: readonly string[]): string {
  const until = frames.findIndex((line) => !NATIVE.test(line))
  const name = /^\s+at (?:new )?([\w.$]+)/.exec(frames[until - 1] ?? '')?.[1]
  return name === undefined ? 'a native function' : `the native function ${name}`
}
