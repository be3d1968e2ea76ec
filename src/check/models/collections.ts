/** Models of collections of values. */
import type { Model } from '../model.ts'
import { answers, isSame, maySay, unknownOperation } from './answers.ts'

/**
 * A set. `add`, `remove` and `has` take the element; their output is whether the element was not there, was there, and
 * is there. `add` and `remove` need not have an output. It starts empty. Each element is a part of its own.
 */
export const set: Model<boolean> = {
  name: 'set',
  init: () => false,
  step(isThere, operation) {
    switch (operation.f) {
      case 'add':
        return maySay(operation, !isThere) ? [true] : []
      case 'remove':
        return maySay(operation, isThere) ? [false] : []
      case 'has':
        return answers(operation, isThere) ? [isThere] : []
      default:
        return unknownOperation('set', operation, ['add', 'remove', 'has'])
    }
  },
  equal: Object.is,
  partition: ({ input }) => JSON.stringify(input),
}

/**
 * A map. `set` takes `[key, value]`, and need not have an output. `get` takes the key and has the value as its output,
 * null if there is none. `delete` takes the key; an output is whether the key was there. It starts empty. Each key is a
 * part of its own.
 */
export const map: Model<{ readonly value: unknown } | undefined> = {
  name: 'map',
  init: () => undefined,
  step(state, operation) {
    switch (operation.f) {
      case 'set':
        return [{ value: (operation.input as [unknown, unknown])[1] }]
      case 'get':
        return answers(operation, state?.value) ? [state] : []
      case 'delete':
        return maySay(operation, state !== undefined) ? [undefined] : []
      default:
        return unknownOperation('map', operation, ['set', 'get', 'delete'])
    }
  },
  equal: isSame,
  partition: ({ f, input }) => JSON.stringify(f === 'set' ? (input as unknown[])[0] : input),
}

/** Returns the model of a queue that holds at most `capacity` elements. A `push` that returns false found it full. */
export function queueOf(capacity: number): Model<readonly unknown[]> {
  return sequence('queue', capacity, (elements) => [elements[0], elements.slice(1)])
}

/** Returns the model of a stack that holds at most `capacity` elements. A `push` that returns false found it full. */
export function stackOf(capacity: number): Model<readonly unknown[]> {
  return sequence('stack', capacity, (elements) => [elements.at(-1), elements.slice(0, -1)])
}

/**
 * A first-in, first-out queue. `push` takes the element. `pop` has the element as its output, null if the queue was
 * empty. `size` has the number of elements as its output. It starts empty and is never full; `queueOf(n)` holds n.
 */
export const queue: Model<readonly unknown[]> = queueOf(Infinity)

/**
 * A stack. `push` takes the element. `pop` has the element that was pushed last as its output, null if the stack was
 * empty. `size` has the number of elements as its output. It starts empty and is never full; `stackOf(n)` holds n.
 */
export const stack: Model<readonly unknown[]> = stackOf(Infinity)

/** Returns the model of a sequence of elements. `take` returns the element that `pop` takes, and the elements left. */
function sequence(
  name: string,
  capacity: number,
  take: (elements: readonly unknown[]) => [taken: unknown, left: readonly unknown[]],
): Model<readonly unknown[]> {
  return {
    name,
    init: () => [],
    step(elements, operation) {
      const { f, input, output, unknown = false } = operation
      switch (f) {
        case 'push': {
          const fits = elements.length < capacity
          const isRefused = output === false && input !== false
          if (!unknown && isRefused === fits) return []
          return [fits ? [...elements, input] : elements]
        }
        case 'pop': {
          const [taken, left] = take(elements)
          return answers(operation, taken) ? [left] : []
        }
        case 'size':
          return answers(operation, elements.length) ? [elements] : []
        default:
          return unknownOperation(name, operation, ['push', 'pop', 'size'])
      }
    },
    equal: isSame,
  }
}
