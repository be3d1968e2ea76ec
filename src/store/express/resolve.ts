/** Conflicts: two requests of one user changed one key of the session. */

/**
 * Decides what becomes of a key that this request changed from `base` to `mine`, while another changed it to `theirs`. A value
 * that is undefined is not there: was never set, or was removed; to return undefined removes the key. Values are plain
 * JSON data, copies of the resolver's own. It may be called again, with what is there then; so it should be pure.
 */
export type Resolve = (key: string, theirs: unknown, mine: unknown, base: unknown) => unknown

/** The request that ends last has its way: as with any other store, but for this one key only. */
export const lastWriteWins: Resolve = (_key, _theirs, mine) => mine

/**
 * Adds up what both added, where all are numbers, so that counters in a session lose nothing; a counter that was not there
 * counts as 0. In everything else the last write wins.
 *
 * @example
 * addNumbers('visits', 12, 11, 10) // 13: they added 2, this request 1
 * addNumbers('visits', 1, 1, undefined) // 2: both began it
 * addNumbers('theme', 'dark', 'light', 'dark') // 'light'
 */
export const addNumbers: Resolve = (_key, theirs, mine, base = 0) =>
  typeof theirs === 'number' && typeof mine === 'number' && typeof base === 'number' ? theirs + mine - base : mine
