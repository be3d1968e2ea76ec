/**
 * A scenario: the smallest instance of a concurrent problem. Fresh memory, a few actors, how to observe the result and
 * which outcomes are fine. The seam that stress, explore and users' own files share: plain data and plain functions.
 */

export const GRADES = ['acceptable', 'interesting', 'forbidden'] as const

/** What an outcome means. A forbidden one is a failure; an interesting one is allowed but worth seeing. */
export type Grade = (typeof GRADES)[number]

/** A typed array over shared memory, and the index of an element in it. */
export type Word = readonly [view: ArrayBufferView, index: number]

/** What an actor runs. A method's type, so that a scenario of one kind of memory is a `Scenario` wherever any will do. */
export type Act<Memory, Result> = { act(memory: Memory): Result }['act']

export interface Scenario<Memory = unknown, Results extends Record<string, unknown> = Record<string, unknown>> {
  readonly name: string
  /** Makes the memory that all actors share: anything that structured-clones to a worker. */
  memory(): Memory
  /** What runs at once: synchronous functions, deterministic given what they read from the memory. */
  readonly actors: { readonly [Actor in keyof Results]: Act<Memory, Results[Actor]> }
  /** What is there to see after all actors have ended. The outcome's key is the string itself, or else its JSON. */
  observe?(memory: Memory, results: Results): unknown
  /** Grades by outcome key. An outcome that is not listed is forbidden, if any are listed. */
  readonly outcomes?: { readonly [outcome: string]: Grade | readonly [Grade, description: string] }
  /** Checked after all actors have ended: throws, or returns false, when it is broken. */
  invariant?(memory: Memory, results: Results): boolean | void
  /** Names of words, for the interleaving table. */
  names?(memory: Memory): { readonly [name: string]: Word }
  /**
   * Words on which a data race is meant, and justified where the code stands: it is no failure, and the report names them.
   * By name, with `[]` for any index; a name stands for all that is in it too, `session[].text` for `session[1].text[3]`.
   * Races are still explored in every order; what is taken on trust is that none shows a value that no order has.
   */
  readonly races?: readonly string[]
}

/** Anything but what is returned before the work is done: the promise of an async function, a generator. */
type Done =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | void
  | (object & { readonly then?: never; readonly next?: never })

/**
 * Returns the scenario as it is; only the types are added.
 *
 * @example
 * const counter = scenario({
 *   name: 'counter',
 *   memory: () => new Int32Array(new SharedArrayBuffer(4)),
 *   actors: {
 *     alice: (words) => Atomics.add(words, 0, 1),
 *     bob: (words) => Atomics.add(words, 0, 1),
 *   },
 *   observe: (words) => Atomics.load(words, 0),
 *   outcomes: { 2: 'acceptable' },
 * })
 */
export function scenario<Memory extends Done, Results extends Record<string, Done>>(
  definition: Scenario<Memory, Results>,
): Scenario<Memory, Results> {
  return definition
}
