/** Functions that live longer than a run, whose variables change between two looks at them. */
import { expect, test } from 'vitest'

import { expectOutcomes, exploreWaiter, opener, openerOfBoth } from './waiters.ts'

let isCounting = false
let rounds = 0
const count = (): void => {
  if (isCounting) rounds++
}
const waitFor = (words: Int32Array, at: number): void => {
  while (Atomics.load(words, at) === 0) count()
}

test('a module-level function counts in the second loop only', () => {
  const waiter = (words: Int32Array): boolean => {
    ;[isCounting, rounds] = [false, 0]
    waitFor(words, 0)
    isCounting = true
    waitFor(words, 1)
    return rounds > 2
  }
  expectOutcomes(waiter, openerOfBoth, [false, true])
})

test('a module-level function counts in the second exploration only', () => {
  const waiterWith = (counting: boolean) => (words: Int32Array) => {
    ;[isCounting, rounds] = [counting, 0]
    waitFor(words, 0)
    return rounds > 2
  }
  expect(exploreWaiter(waiterWith(false))).toMatchObject({ verdict: 'pass', complete: true })
  expectOutcomes(waiterWith(true), opener, [false, true])
})

/** Two functions that share a variable. */
function switchable(): { readonly set: (on: boolean) => void; readonly step: (state: { rounds: number }) => void } {
  let isOn = false
  return {
    set: (on) => void (isOn = on),
    step: (state) => {
      if (isOn) state.rounds++
    },
  }
}

const { set, step } = switchable()

test('a function that the module has made counts in the second loop only', () => {
  const waiter = (words: Int32Array): boolean => {
    const state = { rounds: 0 }
    for (const at of [0, 1]) {
      set(at === 1)
      while (Atomics.load(words, at) === 0) step(state)
    }
    return state.rounds > 2
  }
  expectOutcomes(waiter, openerOfBoth, [false, true])
})

/** The word that the third call of `look` reads is another one. */
const THIRD = {
  length: 3,
  get 2(): number {
    return (word = 1)
  },
}
let visit: (list: ArrayLike<number>, each: () => void) => unknown = Array.from
let word = 0
let seen = 0
let memory: Int32Array

function look(): void {
  visit = look
  seen = Atomics.load(memory, word)
}

test('a function that code of the language calls is not called in the loop that goes through a variable', () => {
  const waiter = (words: Int32Array): number => {
    visit = Array.from
    word = 0
    seen = 0
    memory = words
    for (;;) {
      visit(THIRD, look)
      if (seen !== 0) break
    }
    return seen
  }
  const result = exploreWaiter(waiter, (words) => {
    Atomics.store(words, 1, 2)
    Atomics.store(words, 1, 1)
    Atomics.store(words, 0, 1)
  })
  expect(Object.keys(result.outcomes).toSorted()).toEqual(['1', '2'])
})
