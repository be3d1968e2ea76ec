/**
 * Native functions that were kept from before the globals were replaced do not know the proxies, and say so in their own
 * words. That is not a failure of the code under test: the explorer could not see through it.
 */
const COMPLAINTS = [
  /is not an? (integer|int32|shared|integer shared).* typed array/,
  /this is not a typed array/,
  /called on incompatible receiver/,
  /could not be cloned/,
]

/** What to tell the user, if an error is a native function's complaint about a proxy. */
export function explainFault(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const handed = Reflect.get(error, 'code') === 'ERR_INVALID_ARG_TYPE' && /Array|Buffer|DataView/.test(error.message)
  if (!handed && !COMPLAINTS.some((complaint) => complaint.test(error.message))) return undefined
  // Thrown through one of the replaced functions, it is what the code would have met anyway.
  if (/\/explore\/control\//.test(error.stack?.split('\n').slice(1, 4).join('\n') ?? '')) return undefined
  return (
    `a native function was handed a view of shared memory that it cannot see through (${error.message}). ` +
    'Either it was kept from before the exploration began (const { load } = Atomics at the top of a module), ' +
    'or the explorer does not control it.'
  )
}
