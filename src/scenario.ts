/**
 * A scenario: the smallest instance of a concurrent problem. It consists of fresh memory, a few actors, how to observe the
 * result, and which outcomes are allowed; or of operations and a model, and the explorer makes the actors. It is plain data
 * and plain functions, so the lab, the explorer and users' own files can share it.
 */

import type { Contract } from './contract.ts'
import type { Model } from './check/model.ts'

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

/** An actor that has crashed. */
export interface CrashedActor {
  /** The actor's name. */
  readonly actor: string
  /** The id of the thread as which the actor ran: what `threadId` of its `Worker` was. */
  readonly threadId: number
}

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
  observe?(memory: Memory, results: Results, crashed?: string): unknown
  /**
   * The grade of each outcome by its key, with or without a description. An outcome that is not listed is forbidden. Default:
   * every outcome is acceptable.
   */
  readonly outcomes?: { readonly [outcome: string]: Grade | readonly [Grade, description: string] }
  /** Checks a property after all actors have ended. If it throws or returns false, the schedule fails. */
  invariant?(memory: Memory, results: Results, crashed?: string): boolean | void
  /**
   * `1`: one actor may crash, at any step. Or the names of the actors of which one may. An actor that crashes stops forever in front of
   * an access or of its end, as a thread that is killed does. The explorer explores the scenario without a crash, and then with a crash
   * at each point that matters. `observe` and `invariant` get the name of the actor that has crashed; it has no result. Contracts are
   * not used, because a crash may come within a call. On real threads nothing crashes, except in a replay. Default: no actor may.
   */
  readonly crashes?: 1 | readonly string[]
  /**
   * Recovers from a crash: runs as a further actor of the name `recover`, which begins at any step after the crash. Its result is among
   * the results. A thread that attends others does so when one of them has exited.
   */
  recover?(memory: Memory, crashed: CrashedActor): unknown
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
  /**
   * Contracts of classes that the actors use. The explorer proves each, once, and then explores a call as one step, or few, in place
   * of all its accesses. Default: those of racelab's own primitives alone, which are proved.
   */
  readonly contracts?: readonly Contract[]
  /** A scenario with actors has no operations: see `OperationsScenario`. */
  readonly operations?: undefined
}

/** All criteria for the histories of clients. */
export const CRITERIA = ['linearizable', 'sequential'] as const

/**
 * What the history of a client's calls must be.
 *
 * - `linearizable`: one order of the calls explains what they returned, and each call takes effect between its begin and
 *   its return.
 * - `sequential`: one order of the calls explains what they returned, and the calls of each thread keep their order. It
 *   does not count which call returned before another thread's call began.
 */
export type Criterion = (typeof CRITERIA)[number]

/**
 * An operation: a function of the memory and of the arguments of one call. It has the type of a method, whose parameters
 * are bivariant, as `Act` has.
 */
export type Operate<Memory> = { operate(memory: Memory, ...values: any[]): unknown }['operate']

/**
 * A scenario without actors, for `explore` and the other functions that take a scenario. It gives the operations of an
 * object, and the model that says what they return if one call is made after another. The explorer makes the clients: a
 * few calls on a few threads. It explores each client, and checks the history of each schedule against the model.
 */
export interface OperationsScenario<Memory = unknown> {
  /** The title of the scenario in reports. */
  readonly name: string
  /** Makes the memory that all threads share, as in a scenario with actors. Called once for each client. */
  memory(): Memory
  /** Changes the shared memory before the first schedule of each client, for example to fill a queue. */
  setup?(memory: Memory): void
  /**
   * The operations, by their names. Each is a synchronous function, as an actor is. What it returns is the output that
   * the model judges. It must not depend on which of the threads calls it, except as the model does.
   */
  readonly operations: { readonly [name: string]: Operate<Memory> }
  /**
   * The arguments that an operation is called with, by its name. Each entry is one argument, or an array of several
   * arguments. The model gets one argument as the operation's `input`, and several as an array. Default: the operation
   * is called without an argument.
   */
  readonly arguments?: { readonly [name: string]: readonly unknown[] }
  /** What the operations do if one is called after another, as `checkLinearizable` takes it. */
  readonly model: Model<any>
  /**
   * The names of operations that may wait forever, such as `lock`. A schedule in which they do so is no deadlock if the
   * model, too, does not let them return: if its `step` returns no state for the operation, which is then `unknown`.
   * Default: none.
   */
  readonly blocking?: readonly string[]
  /**
   * The largest number of threads of a client that call an operation, by its name: `{ push: 1, pop: 1 }` for a queue with
   * one producer and one consumer. Default: any number.
   */
  readonly callers?: { readonly [name: string]: number }
  /** The number of threads that make calls, from 1 to 30. Default: 2. */
  readonly threads?: number
  /** The largest number of calls that one thread makes, 1 or more. Default: 2. */
  readonly calls?: number
  /**
   * Checks a property after all calls have returned. `results` has what the calls of each thread returned, in their
   * order. If it throws or returns false, the schedule fails.
   */
  invariant?(memory: Memory, results: Record<string, readonly unknown[]>): boolean | void
  /** Returns names for words of the memory. Reports use them instead of an index. */
  names?(memory: Memory): { readonly [name: string]: Word }
  /** The names of words on which a data race is intended, as in a scenario with actors. */
  readonly races?: readonly string[]
  /** Contracts of classes that the operations use, as in a scenario with actors. */
  readonly contracts?: readonly Contract[]
  /** A scenario with operations has no actors: the explorer makes them. */
  readonly actors?: undefined
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
 * and an async actor or a generator is a type error. It checks nothing when it runs, and throws nothing; `explore` checks the
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
): Scenario<Memory, Results>
export function scenario<Memory extends Done>(definition: OperationsScenario<Memory>): OperationsScenario<Memory>
export function scenario(definition: unknown): unknown {
  return definition
}

/** Whether a scenario gives operations and not actors. */
export function hasOperations(scenario: Scenario | OperationsScenario): scenario is OperationsScenario {
  return typeof scenario === 'object' && scenario !== null && scenario.operations !== undefined
}
