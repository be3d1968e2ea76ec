import type { Operation } from './history.ts'

/**
 * A sequential specification: what an object does if its operations come one after another.
 *
 * @example
 * const flag = {
 *   name: 'flag',
 *   init: () => false,
 *   step: (state, { f, output, unknown }) => (f === 'raise' ? [true] : unknown || output === state ? [state] : []),
 *   equal: (one, other) => one === other,
 * }
 * flag.step(false, { f: 'raise' }) // [true]
 */
export interface Model<State = unknown> {
  readonly name: string
  /** Returns the state before the first operation. */
  init(): State
  /**
   * Returns the states that the operation may lead to from `state`: one for most operations, several if the
   * specification leaves a choice, and none if the operation cannot have had its output in this state. If the operation
   * is `unknown`, its output is not compared. Must not change `state`. Throws if it does not know the operation.
   */
  step(state: State, operation: Operation): readonly State[]
  /** Whether two states are the same. */
  equal(one: State, other: State): boolean
  /**
   * Returns the key of the part of the object that an operation concerns, such as the key of a map. Operations on
   * different parts must not depend on each other: each part is checked alone. Default: the object is one part.
   */
  partition?(operation: Operation): string
}
