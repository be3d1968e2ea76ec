/** Decides by trying every order whether a small history is linearizable. Shares no code with the checker. */
import type { Model, Operation } from '../../src/check/index.ts'

export function isLinearizable<State>(history: readonly Operation[], model: Model<State>): boolean {
  const keyOf = (operation: Operation): string => model.partition?.(operation) ?? ''
  return [...new Set(history.map(keyOf))].every((key) => {
    const part = history.filter((operation) => keyOf(operation) === key)
    return ends(part, [model.init()], model)
  })
}

/** Whether the operations left can follow, in some order, on one of these states. */
function ends<State>(left: readonly Operation[], states: readonly State[], model: Model<State>): boolean {
  if (states.length === 0) return false
  if (left.every(isOpen)) return true
  return left.some((operation) => {
    const others = left.filter((other) => other !== operation)
    // An operation that had returned before this one was called must come first.
    if (others.some((other) => !isOpen(other) && other.returned < operation.called)) return false
    return ends(
      others,
      states.flatMap((state) => model.step(state, operation)),
      model,
    )
  })
}

function isOpen({ returned, unknown = false }: Operation): boolean {
  return unknown || returned === Infinity
}
