import { expect, test } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import { over } from '../counters.ts'
import { attempt, expectAsNative } from './single-actor.ts'

type Call = (...args: unknown[]) => unknown
type Make = (memory: SharedArrayBuffer) => unknown

const VALUES: Record<string, (big: boolean) => unknown[]> = {
  load: () => [],
  store: (big) => [big ? 7n : 7],
  add: (big) => [big ? 7n : 7],
  sub: (big) => [big ? 7n : 7],
  and: (big) => [big ? 7n : 7],
  or: (big) => [big ? 7n : 7],
  xor: (big) => [big ? 7n : 7],
  exchange: (big) => [big ? 7n : 7],
  compareExchange: (big) => (big ? [0n, 7n] : [0, 7]),
  wait: (big) => [big ? 1n : 1, 0],
  notify: () => [],
}
const METHODS = Object.keys(VALUES)

function call(name: string, ...args: unknown[]): unknown {
  return (Reflect.get(Atomics, name) as Call)(...args)
}

/** Values for an index. Most of them name an element, and many of those are not numbers. */
const INDICES: Record<string, () => unknown> = {
  'the last': () => 3,
  'minus zero': () => -0,
  'a fraction': () => 0.5,
  'a small negative fraction': () => -0.9,
  'not a number': () => NaN,
  undefined: () => undefined,
  null: () => null,
  false: () => false,
  true: () => true,
  'text 1': () => '1',
  'text 1e0': () => '1e0',
  'text 0x2': () => '0x2',
  'empty text': () => '',
  'other text': () => 'word',
  'text with a sign': () => '-0',
  'an array of text': () => ['2'],
  'an object': () => ({}),
  'valueOf 2': () => ({ valueOf: () => 2 }),
  'toString 3': () => ({ valueOf: undefined, toString: () => '3' }),
  'a primitive of its own': () => ({ [Symbol.toPrimitive]: () => 1 }),
  length: () => 4,
  negative: () => -1,
  'text -1': () => '-1',
  infinite: () => Infinity,
  'minus infinite': () => -Infinity,
  'beyond integers': () => 2 ** 53,
  'text of a large number': () => '99',
  'a BigInt': () => 1n,
  'a symbol': () => Symbol('index'),
  'an object that throws': () => ({
    valueOf: () => {
      throw new RangeError('no index today')
    },
  }),
}

const cases = METHODS.flatMap((method) => Object.keys(INDICES).map((index) => [method, index] as const))

test.each(cases)('%s takes or rejects the index "%s" as the language does', (method, index) => {
  expectAsNative((memory) =>
    call(method, new Int32Array(memory, 8, 4), INDICES[index]?.(), ...(VALUES[method]?.(false) ?? [])),
  )
  expectAsNative((memory) =>
    call(method, new BigInt64Array(memory, 8, 4), INDICES[index]?.(), ...(VALUES[method]?.(true) ?? [])),
  )
})

const ARRAYS: Record<string, Make> = {
  Int8Array: (memory) => new Int8Array(memory),
  Uint8Array: (memory) => new Uint8Array(memory),
  Int16Array: (memory) => new Int16Array(memory),
  Uint16Array: (memory) => new Uint16Array(memory),
  Int32Array: (memory) => new Int32Array(memory),
  Uint32Array: (memory) => new Uint32Array(memory),
  BigInt64Array: (memory) => new BigInt64Array(memory),
  BigUint64Array: (memory) => new BigUint64Array(memory),
  Uint8ClampedArray: (memory) => new Uint8ClampedArray(memory),
  Float32Array: (memory) => new Float32Array(memory),
  Float64Array: (memory) => new Float64Array(memory),
  DataView: (memory) => new DataView(memory),
  'a buffer': (memory) => memory,
  'an array': () => [0, 0],
  undefined: () => undefined,
  text: () => 'words',
  'a private Int32Array': () => new Int32Array(4),
  'a private Uint8Array': () => new Uint8Array(4),
  'a private BigInt64Array': () => new BigInt64Array(4),
  'a private Float64Array': () => new Float64Array(4),
}

/** Each conversion records its name, so that the test sees the order of the checks. */
function told(order: string[], name: string, value: unknown): object {
  return {
    [Symbol.toPrimitive]: () => {
      order.push(name)
      return value
    },
  }
}

test.each(METHODS.flatMap((method) => Object.keys(ARRAYS).map((array) => [method, array] as const)))(
  '%s on %s checks the array, then converts index and values, as the language does',
  (method, array) => {
    for (const index of [0, 99]) {
      expectAsNative((memory) => {
        const order: string[] = []
        const view = ARRAYS[array]?.(memory)
        const big = array.includes('Big')
        const values = VALUES[method]?.(big) ?? []
        const args = values.map((value, at) => told(order, `value ${at}`, value))
        const result = attempt(() => call(method, view, told(order, 'index', index), ...args), new SharedArrayBuffer(0))
        return [order, result]
      })
    }
  },
)

const ODD_VALUES: Record<string, unknown> = {
  symbol: Symbol('value'),
  'a BigInt': 5n,
  'a number': 5,
  undefined,
  text: '12',
  'a fraction': -3.7,
  'not a number': NaN,
  'minus zero': -0,
  infinite: Infinity,
  large: 2 ** 33 + 5,
  'a large BigInt': 2n ** 64n + 3n,
  'an object with a number': { valueOf: () => 6 },
  'an object with a BigInt': { valueOf: () => 6n },
}

test.each(METHODS.flatMap((method) => Object.keys(ODD_VALUES).map((value) => [method, value] as const)))(
  '%s converts or rejects the value "%s" as the language does',
  (method, name) => {
    const value = ODD_VALUES[name]
    for (const make of [ARRAYS['Int32Array'], ARRAYS['BigInt64Array'], ARRAYS['Uint8Array']]) {
      expectAsNative((memory) => call(method, make?.(memory), 1, value, method === 'wait' ? 0 : value))
    }
  },
)

test.each(Object.keys(ODD_VALUES))('wait takes the timeout, and notify the count "%s" as the language does', (name) => {
  expectAsNative((memory) => call('wait', new Int32Array(memory), 0, 1, ODD_VALUES[name]))
  expectAsNative((memory) => call('notify', new Int32Array(memory), 0, ODD_VALUES[name]))
})

test('an index as text names the same element as the number', () => {
  const increment = (words: Int32Array): void => {
    Atomics.store(words, '0' as never, Atomics.load(words, '0' as never) + 1)
  }
  const result = explore(
    over({ alice: increment, bob: increment }, { observe: (words) => words[0], outcomes: { 2: 'acceptable' } }),
  )
  expect(result).toMatchObject({ verdict: 'fail', failures: [{ kind: 'outcome', outcome: '1' }] })
})

test('an actor that sleeps on an index given as text is woken by the number', () => {
  const result = explore(
    over({
      sleeper: (words) => {
        while (Atomics.load(words, 1) === 0) Atomics.wait(words, '1' as never, 0)
      },
      waker: (words) => {
        Atomics.store(words, 1, 1)
        Atomics.notify(words, 1)
      },
    }),
  )
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
})

test('a handler that runs while the actor is unwound writes nothing, whatever its index', () => {
  const visit = (words: Int32Array): void => {
    let held: number | undefined
    try {
      while (Atomics.compareExchange(words, 0, 0, 1) !== 0) Atomics.wait(words, 0, 1)
      held = 0
      if (Atomics.add(words, 1, 1) !== 0) throw new Error('two inside')
      Atomics.sub(words, 1, 1)
    } finally {
      // The index is undefined unless the lock is held. Without the lock, only the explorer's unwinding comes here.
      Atomics.store(words, held as never, 0)
      Atomics.notify(words, held as never)
    }
  }
  expect(explore(over({ alice: visit, bob: visit }))).toMatchObject({ verdict: 'pass', complete: true })
})

test('the methods have the names and lengths of the native ones, and are no constructors', () => {
  const names = Object.getOwnPropertyNames(Atomics).filter((name) => name in Atomics)
  const told = (): unknown[] =>
    names.map((name) => {
      const method = Reflect.get(Atomics, name) as object
      return [name, Reflect.get(method, 'name'), Reflect.get(method, 'length'), Object.hasOwn(method, 'prototype')]
    })
  const native = told()
  expectAsNative(told)
  expect(native.every((each) => (each as unknown[])[3] === false)).toBe(true)
})

test('a method that an actor deletes comes back as it was', () => {
  const before = Object.getOwnPropertyDescriptor(Atomics, 'sub')
  explore({
    name: 'one that deletes',
    memory: () => new Int32Array(new SharedArrayBuffer(4)),
    actors: {
      alone: (words: Int32Array) => [Atomics.load(words, 0), Reflect.deleteProperty(Atomics, 'sub')],
    },
    observe: () => 0,
  })
  expect(Object.getOwnPropertyDescriptor(Atomics, 'sub')).toEqual(before)
})
