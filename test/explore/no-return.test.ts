/** The step of no return, against brute force. */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import type { Scenario } from '../../src/scenario.ts'
import { expectForceAgrees } from './continuations.ts'
import { over } from './counters.ts'
import { programs, programScenario } from './random-programs.ts'

const increment = (words: Int32Array): void => void Atomics.store(words, 0, Atomics.load(words, 0) + 1)

test('two increments lose one for certain once both have read', () => {
  const scenario = over({ alice: increment, bob: increment }, { invariant: (words) => words[0] === 2 })
  // Before it, alice has read 0: bob may read 0 too, or alice may write first.
  expect(explore(scenario).failures).toMatchObject([
    { steps: 4, inevitable: { step: 2, of: 4, continuations: { holding: 1, failing: 2 } } },
  ])
})

test('if every schedule fails, no step is the one of no return', () => {
  const scenario = over({ alice: increment, bob: increment }, { invariant: () => false })
  expect(explore(scenario).failures).toMatchObject([
    { inevitable: { step: 0, of: 4, continuations: { holding: 0, failing: 4 } } },
  ])
})

test('all continuations of the state before the step count', () => {
  const add = (words: Int32Array): number => Atomics.add(words, 0, 1)
  const scenario = over({ alice: add, bob: add, carol: add }, { invariant: (_, { alice }) => alice !== 0 })
  // Of the six orders, two begin with alice.
  expect(explore(scenario).failures).toMatchObject([
    { inevitable: { step: 1, of: 3, continuations: { holding: 4, failing: 2 } } },
  ])
})

test('a data race counts only if the failure is one', () => {
  const plain = (words: Int32Array): void => void (words[0] = words[0]! + 1)
  const both = explore(over({ alice: plain, bob: plain }, { invariant: (words) => words[0] === 2 }), {
    allFailures: true,
  })
  expect(both.failures).toMatchObject([
    { kind: 'invariant', inevitable: { step: 2, continuations: { holding: 1, failing: 2 } } },
    { kind: 'data-race', inevitable: { step: 0, continuations: { holding: 0 } } },
  ])
})

test('where a loop is cut off, the step is not known', () => {
  const waiter = (words: Int32Array): number => {
    let rounds = 0
    while (Atomics.load(words, 1) !== 0) rounds++
    return rounds
  }
  const writer = (words: Int32Array): void => {
    Atomics.store(words, 1, 1)
    Atomics.store(words, 1, 0)
  }
  const { failures } = explore(over({ waiter, writer }, { invariant: () => false }))
  expect(failures).toMatchObject([{ kind: 'invariant', inevitable: null }])
})

test('where the continuations are too many, the step is not known', () => {
  const busy = (words: Int32Array): void => {
    for (let round = 0; round < 8; round++) increment(words)
  }
  const scenario = over({ a: busy, b: busy, c: busy }, { invariant: (words) => words[0] === -1 })
  expect(explore(scenario, { timeout: 20 }).failures).toMatchObject([{ inevitable: null }])
})

test('of random programs, brute force has the same step of no return', () => {
  let compared = 0
  const isEven = (words: Int32Array): boolean => words.reduce((sum, word) => sum + word, 0) % 2 === 0
  const property = fc.property(programs, (program) => {
    const scenario = { ...programScenario(program), invariant: isEven } as Scenario
    const exploration = explore(scenario, { dataRaces: false, timeout: 5 })
    // Where there are too many continuations, the budget ends first.
    if (exploration.verdict !== 'fail' || exploration.failures.some(({ inevitable }) => inevitable === null)) return
    compared++
    expectForceAgrees(scenario, exploration)
  })
  fc.assert(property, { numRuns: 60 })
  expect(compared).toBeGreaterThan(5)
}, 120_000)
