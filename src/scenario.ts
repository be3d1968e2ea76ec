/**
 * A scenario: the smallest instance of a concurrent problem. It consists of fresh memory, a few actors, how to observe the
 * result, and which outcomes are allowed. It is plain data and plain functions, so the lab, the explorer and users' own files
 * can share it.
 */

/** All grades, from harmless to failing. */
export const GRADES = ['acceptable', 'interesting', 'forbidden'] as const

/**
 * The grade of an outcome.
 *
 * - `acceptable`: the outcome is correct.
 * - `interesting`: the outcome is allowed, but worth seeing.
 * - `forbidden`: the outcome is a failure.
 */
export type Grade = (typeof GRADES)[number]

/** A word of shared memory: a typed array over it, and the index of an element. */
export type Word = readonly [view: ArrayBufferView, index: number]

/**
 * The function of an actor. It has the type of a method, whose parameters are bivariant: so a scenario with any type of memory
 * is assignable to `Scenario`.
 */
export type Act<Memory, Result> = { act(memory: Memory): Result }['act']

/**
 * The smallest instance of a concurrent problem, for `explore` and the other functions that take a scenario. `Memory` is the
 * type of what `memory()` returns, and `Results` has the type of each actor's result by the actor's name.
 */
export interface Scenario<Memory = unknown, Results extends Record<string, unknown> = Record<string, unknown>> {
  /** The title of the scenario in reports. */
  readonly name: string
  /**
   * Makes the memory that all actors share: a `SharedArrayBuffer`, views of one, or plain data that contains them. It must be
   * data that can be sent to a worker by structured clone. Called once for each exploration; `explore` restores the contents
   * before each schedule.
   */
  memory(): Memory
  /**
   * The concurrent parts, by their names: 1 to 30 synchronous functions. Each must be deterministic given what it reads from
   * the memory, and must have no effect except on shared memory.
   */
  readonly actors: { readonly [Actor in keyof Results]: Act<Memory, Results[Actor]> }
  /**
   * Returns the outcome, after all actors have ended, from the memory and the actors' results. The outcome's key is the
   * returned string itself, or else the JSON of what is returned. Default: the outcome is the actors' results.
   */
  observe?(memory: Memory, results: Results): unknown
  /**
   * The grade of each outcome by its key, with or without a description. An outcome that is not listed is forbidden. Default:
   * every outcome is acceptable.
   */
  readonly outcomes?: { readonly [outcome: string]: Grade | readonly [Grade, description: string] }
  /** Checks a property after all actors have ended. If it throws or returns false, the schedule fails. */
  invariant?(memory: Memory, results: Results): boolean | void
  /** Returns names for words of the memory. Reports use them instead of an index. */
  names?(memory: Memory): { readonly [name: string]: Word }
  /**
   * The names of words on which a data race is intended. A data race there is not a failure, and the report lists the names.
   * `[]` in a name stands for any index, and a name covers everything below it: `session[].text` covers `session[1].text[3]`.
   * A name that no word has is refused.
   * Racing accesses are still explored in every order. The explorer does not check that a real thread sees only values that
   * some order produces: that is assumed, and must be justified where the code stands.
   */
  readonly races?: readonly string[]
}

/** Any type except promises and generators, which a function returns before its work is done. */
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
 * Returns `definition` unchanged. Its use is in TypeScript: the memory's type is inferred for each function of the scenario,
 * and an async function or a generator is a type error. It checks nothing when it runs, and throws nothing; `explore` checks the
 * scenario.
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
