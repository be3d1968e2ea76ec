/** Conflicts: two requests of one user have changed the same key of the session. */

/**
 * A resolver: returns the value of a session key that this request changed from `base` to `mine` while another request changed it
 * to `theirs`. A value that is undefined means that the key is not set; to return undefined removes the key. The values are plain
 * JSON data, and copies. The store calls the resolver again if another write comes in between, so a resolver should be pure. If it
 * throws, the error goes to the callback of `set` and the session is unchanged.
 *
 * @example
 * const union = (key, theirs, mine) => (key === 'seen' ? [...new Set([...theirs, ...mine])] : mine)
 * union('seen', ['a', 'b'], ['a', 'c'], ['a']) // ['a', 'b', 'c']
 */
export type Resolve = (key: string, theirs: unknown, mine: unknown, base: unknown) => unknown

/**
 * A resolver that returns the value of the request that ends last. With other stores the last request replaces the whole session;
 * here it replaces only the key that both requests changed.
 *
 * @example
 * lastWriteWins('theme', 'dark', 'light', 'blue') // 'light'
 */
export const lastWriteWins: Resolve = (_key, _theirs, mine) => mine

/**
 * A resolver that adds what both requests have added if all values are numbers, so that counters in a session lose no increment. A
 * counter that was not set before counts as 0. For all other values the last write wins.
 *
 * @example
 * addNumbers('visits', 12, 11, 10) // 13: the other request added 2, this request added 1
 * addNumbers('visits', 1, 1, undefined) // 2: both requests set the counter for the first time
 * addNumbers('theme', 'dark', 'light', 'blue') // 'light'
 */
export const addNumbers: Resolve = (_key, theirs, mine, base = 0) =>
  typeof theirs === 'number' && typeof mine === 'number' && typeof base === 'number' ? theirs + mine - base : mine
