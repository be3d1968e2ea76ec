import { expect, test } from 'vitest'

import { models } from '../../../src/check/index.ts'
import { explore } from '../../../src/explore/index.ts'
import { Mutex } from '../../../src/sync/mutex.ts'
import { words } from '../counters.ts'

const settled = Promise.resolve(1)
const read = (memory: Int32Array): number => Atomics.load(memory, 0)
const add = (memory: Int32Array, amount: number): number => Atomics.add(memory, 0, amount)
const sound = {
  name: 'counter',
  memory: words(),
  operations: { fetchAdd: add, read },
  arguments: { fetchAdd: [1] },
  model: models.counter,
}

test.each<[changed: object, message: string | RegExp]>([
  [
    { actors: { alice: read } },
    'The scenario has both actors and operations: remove one of them. Of operations, the explorer makes the actors itself.',
  ],
  [
    { observe: read },
    /^The scenario has operations and observe\(\): the outcome of a client is what its calls returned/,
  ],
  [{ outcomes: { 1: 'acceptable' } }, /^The scenario has operations and outcomes: the model judges/],
  [{ operation: {} }, 'The scenario has the unknown property "operation": did you mean "operations"?'],
  [{ argument: {} }, 'The scenario has the unknown property "argument": did you mean "arguments"?'],
  [{ name: '' }, 'The scenario has an empty name.'],
  [{ memory: undefined }, 'The scenario has no memory().'],
  [{ setup: 5 }, 'The scenario cannot be run: setup() is a number, not a function.'],
  [{ operations: {} }, 'The scenario has no operations.'],
  [{ operations: [read] }, 'The scenario has no operations: they are an array, not an object of functions.'],
  [{ operations: { read: 5 } }, 'The scenario cannot be run: the operation "read" is a number, not a function.'],
  [{ operations: { read: async () => 1 } }, /^the operation "read" is an async function, which returns a promise/],
  [{ operations: { read: Mutex } }, /the operation "read" is a class/],
  [{ model: undefined }, 'The scenario has operations but no model that says what they return.'],
  [{ model: 'queue' }, 'The scenario has a model that is a string, not an object with init, step and equal.'],
  [{ model: { ...models.queue, equal: 1 } }, 'The scenario has a model whose equal is a number, not a function.'],
  [{ arguments: [1] }, 'The scenario has arguments that are an array, not an object of arrays.'],
  [
    { arguments: { fetchadd: [1] } },
    'The scenario has arguments for "fetchadd", which is no operation: did you mean "fetchAdd"?',
  ],
  [{ arguments: { fetchAdd: 1 } }, 'The scenario has arguments for "fetchAdd" that are a number, not an array.'],
  [
    { arguments: { fetchAdd: [] } },
    'The scenario has an empty list of arguments for "fetchAdd": remove the list, or put an argument in it.',
  ],
  [
    { arguments: { fetchAdd: [1, 1] } },
    'The scenario has the call fetchAdd(1) twice: two of its arguments look the same.',
  ],
  [{ blocking: 'read' }, 'The scenario has "blocking" that is a string, not an array of operations\' names.'],
  [{ blocking: [read] }, 'The scenario lists a function in "blocking", not the name of an operation.'],
  [{ blocking: ['raed'] }, 'The scenario lists "raed" in "blocking", which is no operation: did you mean "read"?'],
  [{ callers: [1] }, 'The scenario has "callers" that are an array, not an object of numbers.'],
  [{ callers: { raed: 1 } }, 'The scenario has "callers" of "raed", which is no operation: did you mean "read"?'],
  [{ callers: { read: 0 } }, 'The scenario has "callers.read" that is 0, not a whole number from 1 to 30.'],
  [{ callers: { read: undefined } }, /^The scenario has "callers" of "read" that are undefined/],
  [{ threads: 0 }, 'The scenario has "threads" that is 0, not a whole number from 1 to 30.'],
  [{ threads: 31 }, 'The scenario has "threads" that is 31, not a whole number from 1 to 30.'],
  [{ calls: 1.5 }, 'The scenario has "calls" that is 1.5, not a whole number of at least 1.'],
  [{ calls: '2' }, 'The scenario has "calls" that is a string, not a whole number of at least 1.'],
  [{ races: ['nowhere'] }, /nowhere/],
])('a scenario with %j is refused, and the message says what is wrong', (changed, message) => {
  const { verdict, schedules, error } = explore({ ...sound, ...changed })
  expect({ verdict, schedules }).toEqual({ verdict: 'error', schedules: 0 })
  if (typeof message === 'string') expect(error?.message).toBe(message)
  else expect(error?.message).toMatch(message)
})

test('the unchanged scenario passes', () => {
  expect(explore(sound).verdict).toBe('pass')
})

test.each([
  ['a promise', () => settled, /read\(\) returned a promise, so its work was not done/],
  [
    'an iterator',
    () =>
      (function* () {
        yield 1
      })(),
    /read\(\) returned an iterator/,
  ],
])('an operation that returns %s is refused', (_, operation, message) => {
  expect(explore({ ...sound, operations: { read: operation, fetchAdd: add } }).error?.message).toMatch(message)
})

test('a criterion is refused for actors, and if there is none of that name', () => {
  const actors = { name: 'actors', memory: words(), actors: { alice: read } }
  expect(explore(actors, { criterion: 'sequential' }).error?.message).toMatch(
    /"criterion" is for a scenario that gives/,
  )
  expect(explore(sound, { criterion: 'serial' as 'sequential' }).error?.message).toMatch(/not one of linearizable, seq/)
})
