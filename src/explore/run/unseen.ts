/**
 * Native functions that were kept from before the globals were replaced do not accept proxies, and complain in their
 * own words. That is not a failure of the code under test: the explorer could not see what the function does.
 */
import { types } from 'node:util'
import { folderInStacks } from './positions.ts'

const COMPLAINTS = [
  /is not an? (integer|int32|shared|integer shared).* typed array/,
  /this is not a typed array/,
  /called on incompatible receiver/,
  /could not be cloned/,
]

/**
 * Returns what to tell the user if an error is the complaint of a native function about a proxy; otherwise undefined.
 */
export function explainFault(error: unknown): string | undefined {
  // An error of another realm is not an instance of this realm's Error.
  if (!types.isNativeError(error)) return undefined
  const handed = Reflect.get(error, 'code') === 'ERR_INVALID_ARG_TYPE' && /Array|Buffer|DataView/.test(error.message)
  if (!handed && !COMPLAINTS.some((complaint) => complaint.test(error.message))) return undefined
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? []
  // An error from a replaced function is one that the code would get anyway.
  if (frames.find((line) => !NATIVE.test(line))?.includes(REPLACED) === true) return undefined
  return (
    `${nativeName(frames)} was given a view of shared memory that it cannot use (${error.message}). ` +
    'It was kept from before the exploration began (const { load } = Atomics at the top of a module), ' +
    'or belongs to another realm (node:vm), or is not supported by the explorer: give it a copy.'
  )
}

/** The folder of the replaced functions. */
const REPLACED = folderInStacks(new Error('here'), '../globals/').pathname

/** Matches a frame in the JavaScript engine or in Node itself. */
const NATIVE = /\(<anonymous>\)$|\(native\)$|(\(|at )node:/

/** Returns the name of the native function that the code called: the outermost frame that is not in the code itself. */
function nativeName(frames: readonly string[]): string {
  const until = frames.findIndex((line) => !NATIVE.test(line))
  const name = /^\s+at (?:new )?([\w.$]+)/.exec(frames[until - 1] ?? '')?.[1]
  return name === undefined ? 'a native function' : `the native function ${name}`
}
