/**
 * A function of Node that was wrapped before the explorer was loaded. This file has one test: breakpoints
 * are set in the first exploration.
 */
import fs from 'node:fs'
import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import { over } from './counters.ts'

/** Its result is no arrow function: a breakpoint reads the arguments. */
const wrapped = (work: (...args: never[]) => unknown) =>
  function (...args: never[]): unknown {
    return work(...args)
  }

test('a function that shares its code with a wrapper of a refused one may be called', () => {
  const native = fs.chmodSync
  fs.chmodSync = wrapped(native) as typeof native
  try {
    const add = wrapped((one: number, other: number) => one + other)
    const alice = (words: Int32Array): unknown => Atomics.store(words, 0, Number(Reflect.apply(add, undefined, [1, 2])))
    expect(explore(over({ alice, bob: alice })).error).toBeUndefined()
    expect(explore(over({ alice: () => fs.chmodSync('none', 0o600), bob: alice })).error?.message).toMatch(
      /chmodSync was called/,
    )
  } finally {
    fs.chmodSync = native
  }
})
