/** What a thread of the bench `fuzz` is told, and what it tells the main thread. */

/** What the calls on one memory came to. */
export interface Calls {
  calls: number
  results: number
  /** How many errors of each class were thrown. */
  readonly errors: Record<string, number>
  /** What was thrown that is no error of racelab: the call, and the first lines of the stack. */
  readonly unnamed: string[]
}

export function noCalls(): Calls {
  return { calls: 0, results: 0, errors: {}, unnamed: [] }
}

/** The words that the main thread watches: whether a call is under way, how many calls were begun, and the seed. */
export const Word = { INSIDE: 0, CALLS: 1, SEED: 2 } as const

export interface FuzzThreadData {
  readonly progress: Int32Array
  /** The first seed, and the one behind the last. */
  readonly from: number
  readonly end: number
}

/** What a thread posts for each memory. */
export interface FuzzReport extends Calls {
  readonly seed: number
  /** The longest call in milliseconds, and its name. */
  readonly longest: readonly [milliseconds: number, call: string]
  /** By how many bytes the thread's memory grew in one call, at most, and the name of the call. */
  readonly largestGrowth: readonly [bytes: number, call: string]
}
