import { expect, test } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import { over } from '../counters.ts'
import { expectAsNative } from './single-actor.ts'

/**
 * The explorer sees through a class that is declared while an exploration runs, or in a module that the command loads.
 */
function classes() {
  class Pair extends Int32Array<SharedArrayBuffer> {
    get left(): number | undefined {
      return this[0]
    }

    set left(value: number) {
      this[0] = value
    }

    sum(): number {
      return this.reduce((sum, word) => sum + word, 0)
    }
  }
  class Plain extends Int32Array<SharedArrayBuffer> {
    static get [Symbol.species](): Int32ArrayConstructor {
      return Int32Array
    }
  }
  class Short extends Int32Array<SharedArrayBuffer> {
    static get [Symbol.species](): unknown {
      return function (this: unknown): Int32Array {
        return new Int32Array(1)
      }
    }
  }
  class Sized extends Int32Array<SharedArrayBuffer> {
    override get length(): 2 {
      return 2
    }
  }
  return { Pair, Plain, Short, Sized }
}

const pair = (memory: SharedArrayBuffer) => new (classes().Pair)(memory, 0, 4)

test('the array that a method returns is of the subclass', () => {
  expectAsNative((memory) => {
    const { Pair } = classes()
    const words = new Pair(memory, 0, 4)
    words.set([3, 1, 2])
    const parts = [
      words.slice(0, 2),
      words.subarray(1),
      words.map((word) => word * 2),
      words.filter((word) => word > 1),
    ]
    return parts.map((part) => [part instanceof Pair, (part as typeof words).sum(), part.constructor === Pair])
  })
})

test('Symbol.species names the class of the array, and a class that does not fit is rejected', () => {
  expectAsNative((memory) => {
    const { Plain } = classes()
    const words = new Plain(memory)
    return [words.slice(0, 2) instanceof Plain, words.map(Number) instanceof Int32Array, words.subarray(1).length]
  })
  expectAsNative((memory) => new (classes().Short)(memory).map((word) => word))
  expectAsNative((memory) => new (classes().Short)(memory).filter(() => false).length)
})

test('subarray of a shared view returns a view of the same memory', () => {
  expectAsNative((memory) => {
    const words = pair(memory)
    words.subarray(1, 3)[0] = 9
    return [...words]
  })
})

test('getters, setters and fields of a subclass work', () => {
  expectAsNative((memory) => {
    const { Pair, Sized } = classes()
    class Labelled extends Pair {
      label = 'pair'
      #reads = 0

      get counted(): number {
        return ++this.#reads + (this[1] ?? 0)
      }
    }
    const words = new Labelled(memory)
    words.left = 5
    words[1] = 10
    return [words.left, words.label, words.counted, words.counted, Object.keys(words).at(-1), new Sized(memory).length]
  })
})

test('the accesses of a subclass’s getter are seen', () => {
  const result = explore(
    over({
      reader: (words) => pair(words.buffer as SharedArrayBuffer).left,
      writer: (words) => {
        words[0] = 1
      },
    }),
  )
  expect(result).toMatchObject({ verdict: 'fail', failures: [{ kind: 'data-race' }] })
})

test('a property that an actor puts on a view is not there in another run, nor for another actor', () => {
  const mark = (words: Int32Array & { marked?: boolean }): void => {
    if (words.marked === undefined) Atomics.add(words, 0, 1)
    words.marked = true
    Atomics.add(words, 1, 1)
    // The property is still there in the same run.
    if (words.marked) Atomics.add(words, 0, 1)
  }
  const result = explore(
    over({ alice: mark, bob: mark }, { observe: (words) => words[0], outcomes: { 4: 'acceptable' } }),
  )
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
})

test('a property that is defined on a view for good lasts until the end of the run', () => {
  expectAsNative((memory) => {
    const words = pair(memory)
    const before = Object.hasOwn(words, 'first')
    Object.defineProperty(words, 'first', { get: () => Atomics.load(words, 0) })
    Object.defineProperty(words, 'limit', { value: {}, writable: true })
    Atomics.add(words, 0, 1)
    return [
      before,
      Reflect.get(words, 'first'),
      Object.getOwnPropertyDescriptor(words, 'first')?.configurable,
      Reflect.deleteProperty(words, 'first'),
      Reflect.defineProperty(words, 'first', { get: () => 5 }),
      Reflect.defineProperty(words, 'limit', { value: 2 }),
      Reflect.defineProperty(words, 'limit', { enumerable: true }),
      Reflect.get(words, 'limit'),
    ]
  })
  const mark = (words: Int32Array): void => {
    if (!Object.hasOwn(words, 'step')) Atomics.add(words, 0, 1)
    Object.defineProperty(words, 'step', { value: {} })
    Object.defineProperty(words, 'first', { get: () => Atomics.load(words, 0) })
    Atomics.add(words, 1, Reflect.get(words, 'first') as number)
  }
  const result = explore(
    over({ alice: mark, bob: mark }, { observe: (words) => words[0], outcomes: { 2: 'acceptable' } }),
  )
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
})

test.each<[name: string, change: (words: Int32Array) => unknown]>([
  ['defined on it', (words) => Object.defineProperty(words, 'length', { get: () => words[0] })],
  ['of this', (words) => Object.defineProperty(words, 'length', { get: lengthOf })],
  [
    'of its new prototype',
    (words) => Object.setPrototypeOf(words, Object.create(Int32Array.prototype, { length: { get: lengthOf } })),
  ],
])('the accesses of a getter are seen that replaces one of the language: %s', (_, change) => {
  const reader = (words: Int32Array): number => {
    const view = new Int32Array(words.buffer)
    change(view)
    return view.length
  }
  const result = explore(over({ reader, writer: (words) => void words.fill(1, 0, 1) }))
  expect(result).toMatchObject({ verdict: 'fail', failures: [{ kind: 'data-race' }] })
})

function lengthOf(this: Int32Array): number | undefined {
  return this[0]
}

test.each<[name: string, change: (words: Int32Array) => unknown]>([
  ['preventExtensions', (words) => Object.preventExtensions(words)],
  ['configurable: false', (words) => Object.defineProperty(words, 'x', { value: 1, configurable: false })],
])('what cannot be undone on a view is refused by name: %s', (name, change) => {
  const { error } = explore(over({ alice: change, bob: (words) => Atomics.add(words, 0, 1) }))
  expect(error?.message).toMatch(new RegExp(`^alice: .*${name}.*subclasses\\.test\\.ts:\\d+`, 's'))
})

test('listing the keys of a view reads no element', () => {
  const result = explore(
    over({
      looker: (words) => [Object.keys(words).length, 'length' in words, Object.hasOwn(words, 0)],
      writer: (words) => Atomics.store(words, 0, 1),
    }),
  )
  expect(result).toMatchObject({ verdict: 'pass', complete: true, schedules: 1 })
})

test('elements are described, defined and frozen as those of any typed array', () => {
  expectAsNative((memory) => {
    const words = pair(memory)
    Object.defineProperty(words, 0, { value: 3 })
    return [
      Object.getOwnPropertyDescriptor(words, 0),
      Object.getOwnPropertyDescriptors(words),
      Reflect.defineProperty(words, 0, { value: 1, writable: false }),
      Reflect.defineProperty(words, 99, { value: 1 }),
      Reflect.deleteProperty(words, 0),
      Reflect.deleteProperty(words, 99),
    ]
  })
  expectAsNative((memory) => Object.freeze(pair(memory)))
  expectAsNative((memory) => Object.seal(pair(memory)))
  expectAsNative((memory) => Object.isFrozen(Object.freeze(new Int32Array(memory, 0, 0))))
})

test('an assignment whose receiver is not the view goes to the receiver', () => {
  const longer = (memory: SharedArrayBuffer): Int32Array => new Int32Array(memory, 16, 8)
  const attempts: ((words: Int32Array, memory: SharedArrayBuffer) => unknown)[] = [
    (words) => Object.assign(Object.create(words) as object, { 0: 5 }),
    (words) => Object.assign(Object.create(words) as object, { 2.5: 5, '-0': 5 }),
    (words) => Reflect.set(Object.create(words) as object, 9, 5),
    (words) => Object.getOwnPropertyDescriptor(Object.assign(Object.create(words) as object, { 0: 5 }), 0),
    (words) => [{}, Object.freeze({}), 5].map((receiver) => [Reflect.set(words, 0, 9, receiver), receiver]),
    (words, memory) => Reflect.set(words, 3, 9, longer(memory)),
    (words, memory) => Reflect.set(longer(memory), 5, 9, words),
    (words) => Reflect.set({}, 0, 9, words),
    (words) => Reflect.set(new Proxy(words, {}), 1, 9),
  ]
  for (const act of attempts) expectAsNative((memory) => act(pair(memory), memory))
})

test('getters that code has read from the prototype work on a view', () => {
  const prototype = Object.getPrototypeOf(Int32Array.prototype) as object
  const getter = (key: string | symbol): ((this: unknown) => unknown) =>
    Object.getOwnPropertyDescriptor(prototype, key)?.get as (this: unknown) => unknown
  expectAsNative((memory) => {
    const words = pair(memory)
    return ['length', 'byteLength', 'byteOffset', Symbol.toStringTag].map((key) => getter(key).call(words))
  })
})

test.each([
  ['floats', (memory: SharedArrayBuffer) => new Float64Array(memory, 0, 6), [3, NaN, 1, -0, 0, -Infinity]],
  ['integers', (memory: SharedArrayBuffer) => new Int32Array(memory, 0, 6), [10, 9, 1, -3, 0, 2]],
] as const)('%s are sorted as the language sorts them', (_, make, values) => {
  const shown = (view: Float64Array | Int32Array): string[] =>
    Array.from(view, (value) => (Object.is(value, -0) ? '-0' : String(value)))
  expectAsNative((memory) => {
    const view = make(memory)
    view.set(values)
    const sorted = [shown(view.toSorted()), shown(view.toReversed()), shown(view.sort())]
    return [...sorted, shown(view.sort((a, b) => b - a)), attemptSort(view)]
  })
})

function attemptSort(view: Float64Array | Int32Array): string {
  try {
    return String(view.sort(5 as never))
  } catch (error) {
    return String(error)
  }
}

test('a value that cannot be an element is rejected, after the values before it are written', () => {
  expectAsNative((memory) => {
    pair(memory).set([1, 2, 3n as never, 4])
  })
  expectAsNative((memory) => {
    pair(memory).set(new BigInt64Array(2) as never)
  })
  expectAsNative((memory) => pair(memory).fill(1n as never))
  expectAsNative((memory) => pair(memory).fill(1, 0n as never))
  expectAsNative((memory) => {
    pair(memory).set(null as never)
  })
  expectAsNative((memory) => {
    pair(memory).set([1], 4)
  })
  expectAsNative((memory) => {
    new BigInt64Array(memory)[0] = { valueOf: () => 5 } as never
  })
  expectAsNative((memory) => {
    new DataView(memory).setInt32(100, 1n as never)
  })
})

/** Classes whose getters tell another place and size than the view has: nothing that the language does goes by them. */
function liars(memory: SharedArrayBuffer): Int32Array[] {
  class Long extends Int32Array<SharedArrayBuffer> {
    override get length(): 100 {
      return 100
    }
  }
  class None extends Int32Array<SharedArrayBuffer> {
    override get length(): 0 {
      return 0
    }
  }
  class Moved extends Int32Array<SharedArrayBuffer> {
    override get byteOffset(): number {
      return super.byteOffset + 4
    }
  }
  class Elsewhere extends Int32Array<SharedArrayBuffer> {
    override get buffer(): SharedArrayBuffer {
      return new SharedArrayBuffer(64)
    }
  }
  const bare = new Int32Array(memory)
  Object.setPrototypeOf(bare, null)
  const marked = new Int32Array(memory)
  Object.defineProperty(marked, 'buffer', { value: 1 })
  return [new Long(memory), new None(memory), new Moved(memory), new Elsewhere(memory), bare, marked]
}

test.each([0, 1, 2, 3, 4, 5])('bounds and memory are those of the view, whatever its class says (%i)', (which) => {
  const attempts: ((view: Int32Array) => unknown)[] = [
    (view) => Atomics.store(view, 1, 7),
    (view) => Atomics.load(view, 1),
    (view) => (view[2] = 5),
    (view) => view[2],
    (view) => Atomics.load(view, 50),
    (view) => Atomics.store(view, 50, 1),
    (view) => Atomics.add(view, 50, 1),
    (view) => Atomics.notify(view, 50),
  ]
  for (const act of attempts) expectAsNative((memory) => act(liars(memory)[which]!))
})

test.each([0, 1, 2, 3, 4, 5])('a lost update is found through a view whose class lies (%i)', (which) => {
  const increment = (words: Int32Array): number => Atomics.store(words, 0, Atomics.load(words, 0) + 1)
  const result = explore({
    name: 'one word, two views',
    memory: () => ({ buffer: new SharedArrayBuffer(64) }),
    actors: {
      alice: ({ buffer }) => increment(liars(buffer)[which]!),
      bob: ({ buffer }) => increment(new Int32Array(buffer)),
    },
    observe: ({ buffer }) => Atomics.load(new Int32Array(buffer), 0),
    outcomes: { 2: 'acceptable', 1: ['forbidden', 'an increment was lost'] },
  })
  expect(result).toMatchObject({ verdict: 'fail', failures: [{ kind: 'outcome', outcome: '1' }] })
})
