/**
 * Linearizability (Herlihy and Wing): whether the operations of a history can be put into one order, each between its call and
 * its return, in which they answer as they would one after the other.
 *
 * The search of Wing and Gong: what may come next is whatever was called before anything else returned. With Lowe's memo: the
 * same operations done and the same state left is a position that need not be searched twice. A thread does one thing after
 * the other, so that how far each thread is says which operations are done.
 */
import { isDeepStrictEqual } from 'node:util'

/** What operations answer, and leave behind, when nobody else is there. States are plain data. */
export interface Specification<State, Operation> {
  readonly initial: State
  /** None where the operation cannot be done; more than one where it may do one thing or another. */
  readonly outcomes: (state: State, operation: Operation) => readonly Outcome<State>[]
}

export interface Outcome<State> {
  readonly result: unknown
  readonly state: State
}

/** An operation as it was seen from outside. Stamps are of one clock that all threads share, and grow. */
export interface Event<Operation> {
  readonly operation: Operation
  readonly result: unknown
  readonly called: number
  readonly returned: number
}

/** The events of each thread, in its order. */
export type History<Operation> = readonly (readonly Event<Operation>[])[]

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
