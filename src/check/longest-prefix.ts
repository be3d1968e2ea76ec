/**
 * Finds the operation at which a history stops being linearizable. A history up to some moment knows less: operations
 * that have not returned by then may have taken effect, or not. A history that is linearizable up to a moment is so up
 * to each earlier moment, so a binary search over the returns finds the first moment at which it is not.
 */
import type { Operation } from './history.ts'
import type { Model } from './model.ts'
import { isOpen, search } from './search.ts'
import type { GiveUp } from './search.ts'

/** The longest linearizable prefix of a history. */
export interface LongestPrefix<State> {
  /** The operation whose return is the first that no order explains. */
  readonly blocked: Operation
  /** An order of the operations before its return, and the state of the model after it. */
  readonly order: readonly Operation[]
  readonly state: State
}

/**
 * Returns the longest linearizable prefix of a history that is not linearizable; undefined if a bound was reached.
 * `reached`: an operation such that the history is linearizable up to each earlier return.
 */
export function longestPrefix<State>(
  operations: readonly Operation[],
  model: Model<State>,
  reached: Operation,
  giveUp: GiveUp,
): LongestPrefix<State> | undefined {
  const returned = operations.filter((operation) => !isOpen(operation))
  returned.sort((one, other) => one.returned - other.returned)
  // The history is linearizable up to each return before `low`, and not up to that at `high`.
  let low = returned.indexOf(reached)
  let high = returned.length - 1
  // The search seldom stops far from the first return that no order explains, so steps grow from there.
  for (let step = 1; low < high; step *= 2) {
    const middle = Math.min(low + step - 1, Math.floor((low + high) / 2))
    const found = search(upTo(operations, returned, middle), model, giveUp)
    if (found.verdict === 'unknown') return undefined
    if (found.verdict === 'linearizable') low = middle + 1
    else high = middle
  }
  const blocked = returned[high]!
  const before = search(
    upTo(operations, returned, high - 1).filter(({ called }) => called <= blocked.returned),
    model,
    giveUp,
  )
  if (before.verdict !== 'linearizable') return undefined
  return { blocked, order: before.order, state: before.state }
}

/** Returns what is known of the operations when the return at `last` has happened. */
function upTo(operations: readonly Operation[], returned: readonly Operation[], last: number): Operation[] {
  const known = new Set(returned.slice(0, last + 1))
  const now = returned[last]?.returned ?? -Infinity
  return operations.flatMap((operation) => {
    if (known.has(operation)) return [operation]
    return operation.called <= now ? [{ ...operation, returned: Infinity, unknown: true }] : []
  })
}
