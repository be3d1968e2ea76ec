import { expect, test } from 'vitest'

import { explore, replay } from '../../src/explore/index.ts'
import type { Scenario } from '../../src/scenario.ts'
import { over, words } from './counters.ts'

/** Makes a buffer of the actor's own after `steps` accesses. */
function late(words: Int32Array, steps: number): Int32Array {
  for (let step = 0; step < steps; step++) Atomics.load(words, 1 + (step % 2))
  return new Int32Array(new SharedArrayBuffer(4))
}

test.each([0, 1024, 1500])('buffers of two actors are apart, although one is made after %i steps', (steps) => {
  const result = explore(
    over(
      {
        sleeper: (words) => Atomics.wait(late(words, steps), 0, 0, 10),
        waker: () => Atomics.notify(new Int32Array(new SharedArrayBuffer(4)), 0),
      },
      { outcomes: { '{"sleeper":"timed-out","waker":0}': 'acceptable' } },
    ),
    { maxSteps: 10_000 },
  )
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
})

test('many buffers of one actor are apart, whatever their sizes', () => {
  const many = (): number => {
    const buffers = Array.from(
      { length: 1100 },
      (_, index) => new Int32Array(new SharedArrayBuffer(4 + 64 * (index % 3))),
    )
    for (const [index, words] of buffers.entries()) Atomics.store(words, words.length - 1, index)
    return buffers.filter((words, index) => Atomics.load(words, words.length - 1) !== index).length
  }
  const result = explore(over({ alice: many, bob: many }), { maxSteps: 10_000 })
  expect(result).toMatchObject({ verdict: 'pass', complete: true, schedules: 1 })
  expect(Object.keys(result.outcomes)).toEqual(['{"alice":0,"bob":0}'])
})

test('a buffer that an actor makes on two ways has its place on each', () => {
  const result = explore(
    over({
      alice: (words) => {
        const first = new Int32Array(new SharedArrayBuffer(Atomics.load(words, 0) === 0 ? 4 : 400))
        const second = new Int32Array(new SharedArrayBuffer(4))
        Atomics.store(first, first.length - 1, 1)
        Atomics.store(second, 0, 2)
        return Atomics.load(first, first.length - 1)
      },
      bob: (words) => Atomics.store(words, 0, 1),
    }),
  )
  expect(result).toMatchObject({ verdict: 'pass', complete: true, schedules: 2 })
})

test('an address does not depend on what memory() used first', () => {
  const scenario: Scenario = {
    name: 'test',
    memory: () => {
      const [first, second] = [words(1)(), words(1)()]
      Atomics.store(second, 0, 1)
      return { first, second }
    },
    actors: {
      alice: ({ first, second }) => Atomics.add(first, 0, Atomics.load(second, 0)),
    },
    observe: () => 'made',
    outcomes: { made: 'forbidden' },
  }
  const [failure] = explore(scenario).failures
  expect(failure).toMatchObject({ kind: 'outcome' })
  expect(replay(scenario, failure!.token)).toMatchObject({ kind: 'replayed' })
})
