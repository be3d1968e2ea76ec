/**
 * Linearizability (Herlihy and Wing): whether the operations of a history can be put into one order, each between its call and its
 * return, in which a sequential specification gives the same results.
 *
 * The search is that of Wing and Gong: the next operation must have been called before any other pending one returned. It keeps
 * Lowe's memo: a position with the same operations done and the same state is not searched twice. A thread does one operation
 * after the other, so the number of operations done by each thread tells which are done.
 */
import { isDeepStrictEqual } from 'node:util'

/** The results and states of operations that run one after the other. States are plain data. */
export interface Specification<State, Operation> {
  readonly initial: State
  /** Returns the possible outcomes: none if the operation cannot be done, several if it may do one thing or another. */
  readonly outcomes: (state: State, operation: Operation) => readonly Outcome<State>[]
}

export interface Outcome<State> {
  readonly result: unknown
  readonly state: State
}

/** An operation with its result, and the stamps of its call and its return. All threads take stamps from one clock, which grows. */
export interface Event<Operation> {
  readonly operation: Operation
  readonly result: unknown
  readonly called: number
  readonly returned: number
}

/** The events of each thread, in the order of the thread. */
export type History<Operation> = readonly (readonly Event<Operation>[])[]

/** Returns whether the history is linearizable. */
export function isLinearizable<State, Operation>(
  { initial, outcomes }: Specification<State, Operation>,
  history: History<Operation>,
): boolean {
  const deadEnds = new Set<string>()

  function leadsToTheEnd(done: readonly number[], state: State): boolean {
    const next = history.map((events, thread) => events[done[thread]!])
    const firstReturn = Math.min(...next.map((event) => event?.returned ?? Infinity))
    if (firstReturn === Infinity) return true
    const position = JSON.stringify([done, state])
    if (deadEnds.has(position)) return false
    const found = next.some((event, thread) => {
      if (event === undefined || event.called > firstReturn) return false
      const after = done.with(thread, done[thread]! + 1)
      return outcomes(state, event.operation).some(
        (outcome) => isDeepStrictEqual(outcome.result, event.result) && leadsToTheEnd(after, outcome.state),
      )
    })
    if (!found) deadEnds.add(position)
    return found
  }

  return leadsToTheEnd(
    history.map(() => 0),
    initial,
  )
}
