/** Models of a single value. */
import { ModelError } from '../errors.ts'
import { valueText } from '../history.ts'
import type { Model } from '../model.ts'
import { answers, isSame, maySay, unknownOperation } from './answers.ts'

/**
 * A register. `write` takes the new value as its input, `read` has the value as its output. It starts as null.
 */
export const register: Model = {
  name: 'register',
  init: () => null,
  step(state, operation) {
    if (operation.f === 'write') return [operation.input]
    if (operation.f === 'read') return answers(operation, state) ? [state] : []
    return unknownOperation('register', operation, ['read', 'write'])
  },
  equal: isSame,
}

/**
 * A register with compare-and-swap. `cas` takes `[expected, new]`. An output is whether it has swapped; without one it
 * has. `read` and `write` are those of a register. It starts as null.
 */
export const casRegister: Model = {
  name: 'cas-register',
  init: () => null,
  step(state, operation) {
    if (operation.f !== 'cas') {
      if (operation.f !== 'read' && operation.f !== 'write')
        return unknownOperation('cas-register', operation, ['read', 'write', 'cas'])
      return register.step(state, operation)
    }
    const { input, output, unknown = false } = operation
    if (!Array.isArray(input) || input.length !== 2)
      throw new ModelError(`cas takes [expected, new], but its value is ${valueText(input)}.`)
    const [expected, replacement] = input as [unknown, unknown]
    const swaps = isSame(state, expected)
    if (!unknown && swaps !== (output !== false)) return []
    return [swaps ? replacement : state]
  },
  equal: isSame,
}

/**
 * A counter. `add` takes an amount. `fetchAdd` takes an amount and has the value before as its output, as `Atomics.add`
 * does. `increment` adds 1; an output is the value after. `read` has the value as its output. It starts as 0.
 */
export const counter: Model<number> = {
  name: 'counter',
  init: () => 0,
  step(state, operation) {
    const amount = operation.input as number
    switch (operation.f) {
      case 'read':
        return answers(operation, state) ? [state] : []
      case 'add':
        return [state + amount]
      case 'fetchAdd':
        return answers(operation, state) ? [state + amount] : []
      case 'increment':
        return maySay(operation, state + 1) ? [state + 1] : []
      default:
        return unknownOperation('counter', operation, ['read', 'add', 'fetchAdd', 'increment'])
    }
  },
  equal: Object.is,
}
