/** Functions that live longer than a run, whose variables change between two looks at them. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
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

type Looker = (words: Int32Array, names: { first: string; last: string }) => boolean

const lookers: Looker[] = []
for (const name of ['a', 'b'])
  lookers.push((words, names) => {
    if (Atomics.load(words, 0) === 1) return false
    if (names.first === '') names.first = name
    names.last = name
    return true
  })

test('a function that a module makes in a loop is another one in the next round', () => {
  const waiter = (words: Int32Array): string => {
    const names = { first: '', last: '' }
    for (;;) {
      if (!lookers[Atomics.load(words, 1)]!(words, names)) return 'opened'
      if (Atomics.load(words, 2) === 1) return `${names.first} ${names.last}`
    }
  }
  const other = (words: Int32Array): void => {
    for (const at of [1, 0, 2]) Atomics.store(words, at, 1)
  }
  expectOutcomes(waiter, other, ['a a', 'a b', 'b b', 'opened'])
})

let calls = 0

/** Replaces a property of the language's as long as `work` runs. */
function withReplaced(owner: object, name: string, replacement: PropertyDescriptor, work: () => void): void {
  const before = Object.getOwnPropertyDescriptor(owner, name)
  Object.defineProperty(owner, name, { ...replacement, configurable: true })
  try {
    work()
  } finally {
    if (before === undefined) Reflect.deleteProperty(owner, name)
    else Object.defineProperty(owner, name, before)
  }
}

test('a getter in the place of a global of the language counts in each round', () => {
  const { isFinite: before } = globalThis
  const waiter = (words: Int32Array): boolean => {
    calls = 0
    while (Atomics.load(words, 0) === 0) void isFinite
    return calls > 2
  }
  const get = (): unknown => (calls++, before)
  withReplaced(globalThis, 'isFinite', { get }, () => expectOutcomes(waiter, opener, [false, true]))
})

test('a function in the place of Atomics.pause counts in each round', () => {
  const waiter = (words: Int32Array): boolean => {
    calls = 0
    while (Atomics.load(words, 0) === 0) (Atomics as unknown as { pause: () => void }).pause()
    return calls > 2
  }
  const value = (): void => void calls++
  withReplaced(Atomics, 'pause', { value }, () => expectOutcomes(waiter, opener, [false, true]))
})

test('a class in the place of one of the language counts in each round', () => {
  const { Int8Array: before } = globalThis
  const replacement = class Int8Array extends before {
    constructor(length: number) {
      super(length)
      calls++
    }
  }
  const waiter = (words: Int32Array): boolean => {
    calls = 0
    Reflect.set(globalThis, 'Int8Array', replacement)
    const { Int8Array: Bytes } = globalThis
    while (Atomics.load(words, 0) === 0) void new Bytes(1)
    globalThis.Int8Array = before
    return calls > 2
  }
  withReplaced(globalThis, 'Int8Array', { value: before, writable: true }, () =>
    expectOutcomes(waiter, opener, [false, true]),
  )
})

test('a loop in a module that is still being loaded is complete: its later variables make no difference', () => {
  const path = fileURLToPath(new URL('../../fixtures/explored-while-loading.ts', import.meta.url))
  const printed = execFileSync(process.execPath, ['--import', 'tsx', path], { encoding: 'utf8' })
  expect(printed).toBe('{"verdict":"pass","complete":true}\npass\n')
})
