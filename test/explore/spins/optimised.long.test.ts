/** Code that runs so often that V8 optimises it: the same exploration must find the same each time. */
import { expect, test } from 'vitest'

import { explore, replay } from '../../../src/explore/index.ts'
import type { Exploration } from '../../../src/explore/index.ts'
import type { Scenario } from '../../../src/scenario.ts'
import { over, words } from '../counters.ts'

const TIMES = 10

/** Explores a scenario several times, and returns the first result. Expects that all results are the same. */
function sameEachTime(scenario: Scenario): Exploration {
  const first = explore(scenario)
  const { verdict, complete, schedules } = first
  for (let time = 1; time < TIMES; time++) expect(explore(scenario)).toMatchObject({ verdict, complete, schedules })
  return first
}

/** Initialises word 1 once. The state that the loop has seen is in an object of its own. */
const once = (memory: Int32Array): number => {
  const seen = { state: -1 }
  for (;;) {
    seen.state = Atomics.load(memory, 0)
    if (seen.state === 2) break
    if (seen.state === 0 && Atomics.compareExchange(memory, 0, 0, 1) === 0) {
      memory[1] = 7
      Atomics.store(memory, 0, 2)
      break
    }
  }
  return memory[1]!
}

test('a lock with an object that the spin changes passes each time', () => {
  const result = sameEachTime(over({ one: once, second: once, third: once }))
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
})

/** The same, but an actor that comes too late never leaves its loop. */
const onceOrNever = (memory: Int32Array): void => {
  const seen = { state: -1 }
  for (;;) {
    seen.state = Atomics.load(memory, 0)
    if (seen.state === 0 && Atomics.compareExchange(memory, 0, 0, 1) === 0) return void Atomics.store(memory, 0, 2)
  }
}

test('a livelock with an object that the spin changes is found each time', () => {
  const result = sameEachTime(over({ one: onceOrNever, second: onceOrNever, third: onceOrNever }))
  expect(result).toMatchObject({ verdict: 'fail', failures: [{ kind: 'livelock' }] })
})

/** Each is in a loop that carries nothing, in code that V8 may optimise at any time. */
const module = { at: 0, two: (memory: Int32Array): number => Atomics.load(memory, 0) }
const still: Record<string, (memory: Int32Array) => unknown> = {
  'calls a function of a constant in a function': (memory) => {
    const go = (view: Int32Array): number => {
      const part = module
      return part.two(view) + 1
    }
    for (;;) if (go(memory) === 2) return true
  },
  'adds to a part of a constant': (memory) => {
    const go = (view: Int32Array): number => {
      const part = module
      return part.at + Atomics.load(view, 0)
    }
    for (;;) if (go(memory) === 1) return true
  },
  'comes after hot code': (memory) => {
    let sum = 0
    for (let index = 0; index < 20_000; index++) sum = (sum + index) % 7
    const state = { at: 0, sum }
    while (Atomics.load(memory, state.at) !== 1);
    return true
  },
}

test.each(Object.entries(still))('a loop that %s is complete each time', (_, waiter) => {
  const scenario = over({ waiter, opener: (memory) => Atomics.store(memory, 0, 1) })
  for (let time = 0; time < 4; time++) expect(sameEachTime(scenario)).toMatchObject({ verdict: 'pass', complete: true })
})

/** A wrong sequence lock: a writer puts back the number that it has read, so the number becomes odd. */
const writer = (value: number) => (memory: Int32Array) => {
  let seen: number
  do seen = Atomics.load(memory, 0)
  while (seen % 2 !== 0 || Atomics.compareExchange(memory, 0, seen, seen) !== seen)
  memory[1] = value
  memory[2] = value
  Atomics.add(memory, 0, 1)
}

const reader = (memory: Int32Array): number => {
  let [before, first, second] = [0, 0, 0]
  do {
    do before = Atomics.load(memory, 0)
    while (before % 2 !== 0)
    first = memory[1]!
    second = memory[2]!
  } while (Atomics.load(memory, 0) !== before)
  return first * 10 + second
}

test('livelocks of optimised code have tokens that replay', () => {
  const names = (memory: Int32Array): Record<string, readonly [Int32Array, number]> => ({
    x: [memory, 1],
    y: [memory, 2],
  })
  const scenario = over({ one: writer(1), other: writer(2), reader }, { memory: words(3), names, races: ['x', 'y'] })
  const { failures } = explore(scenario, { allFailures: true })
  expect(failures.map(({ kind }) => kind)).toContain('livelock')
  for (const { token } of failures) expect(replay(scenario, token).kind).toBe('replayed')
})

test('a variable of optimised code is not taken for one that carries nothing', () => {
  const poll = (words: Int32Array): number => {
    let polls = 0
    while (Atomics.load(words, 1) === 0) polls = polls + 1 + Atomics.load(words, 0)
    return polls
  }
  const opener = (words: Int32Array): number => Atomics.store(words, 1, 1)
  const waiter = (words: Int32Array): boolean => poll(words) > 5
  // V8 optimises the loop after some explorations, and then keeps `polls + 1` only.
  for (let exploration = 0; exploration < 40; exploration++) {
    expect(explore(over({ waiter, opener }), { dataRaces: false }).complete).toBe(false)
  }
})

test('variables of optimised code that change places are not taken for ones that stay', () => {
  const second = (_: number, value: number): number => value
  const poll = (words: Int32Array): number => {
    let [one, other] = [0, 1]
    while (Atomics.load(words, 1) === 0) [one, other] = [other, second(Atomics.load(words, 0), one)]
    return one
  }
  const opener = (words: Int32Array): number => Atomics.store(words, 1, 1)
  for (let exploration = 0; exploration < 40; exploration++) {
    const { complete, outcomes } = explore(over({ poll, opener }, { observe: (_, { poll: one }) => one }), {
      dataRaces: false,
    })
    if (complete) expect(Object.keys(outcomes).toSorted()).toEqual(['0', '1'])
  }
})
