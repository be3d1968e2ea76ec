/** What stands in the place of Node's modules in a browser, beside Node's own. */
import nodeBuffer from 'node:buffer'
import nodeUtil from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Buffer as PageBuffer } from '../../page/node/buffer.ts'
import { createHook } from '../../page/node/async_hooks.ts'
import { format, inspect, isDeepStrictEqual, types } from '../../page/node/util.ts'
import { filesWith, loadedByPage, seamOf } from './loaded.ts'

/** The modules of Node that the page loads, and what stands in their place. A new one needs a thought: what does a browser have of it? */
const IN_A_BROWSER: Readonly<Record<string, string>> = {
  'node:assert': 'absent.ts',
  'node:assert/strict': 'absent.ts',
  'node:async_hooks': 'async_hooks.ts',
  'node:buffer': 'buffer.ts',
  'node:child_process': 'absent.ts',
  'node:crypto': 'crypto.ts',
  'node:dgram': 'absent.ts',
  'node:fs': 'absent.ts',
  'node:inspector': 'absent.ts',
  'node:module': 'absent.ts',
  'node:net': 'absent.ts',
  'node:os': 'absent.ts',
  'node:path': 'path.ts',
  'node:stream': 'absent.ts',
  'node:string_decoder': 'absent.ts',
  'node:timers': 'timers.ts',
  'node:timers/promises': 'absent.ts',
  'node:url': 'url.ts',
  'node:util': 'util.ts',
  'node:v8': 'absent.ts',
  'node:vm': 'absent.ts',
  'node:worker_threads': 'worker_threads.ts',
  'node:zlib': 'absent.ts',
}

test('the page loads these modules of Node, and no other', () => {
  const loaded = [...loadedByPage().modules].toSorted()
  expect(Object.fromEntries(loaded.map((name) => [name, seamOf(name)]))).toEqual(IN_A_BROWSER)
})

test('only the prediction of loops asks whether a value is a proxy: without an inspector there is none', () => {
  const asking = filesWith(/\bisProxy\b/).filter((file) => !file.startsWith('src/explore/run/spins/'))
  expect(asking).toEqual([])
})

class Own {
  readonly #hidden = 1
  value = 2
  get hidden(): number {
    return this.#hidden
  }
}

/** One value of each kind that racelab asks for, or shows. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  number: 1.5,
  'minus zero': -0,
  text: "it's",
  'text with quotes': `"it's"`,
  'text with lines': 'a\n\tb\\',
  bigint: 12n,
  symbol: Symbol('s'),
  array: [1, 'two', [3, [4, [5]]]],
  'empty array': [],
  holes: [1, undefined, 3],
  object: { a: 1, 'b-c': { d: { e: { f: 1 } } }, [Symbol('s')]: 2 },
  'empty object': {},
  'null prototype': Object.assign(Object.create(null), { a: 1 }),
  'a class': Own,
  instance: new Own(),
  getter: {
    get a() {
      return 1
    },
    set a(_) {},
  },
  map: new Map<unknown, unknown>([['a', { b: 1 }]]),
  'empty map': new Map(),
  set: new Set([1, [2]]),
  bytes: Uint8Array.of(1, 2, 255),
  'no bytes': new Float64Array(0),
  date: new Date(0),
  'no date': new Date(Number.NaN),
  'regular expression': /a+/gi,
  'boxed number': new Object(1),
  'boxed text': new Object('text'),
  'boxed bigint': new Object(1n),
  'boxed symbol': new Object(Symbol('s')),
  'boxed truth': new Object(true),
  function: function named() {},
  'nameless function': (() => () => {})(),
  'async function': async () => {},
  'async generator function': async function* () {},
  'generator function': function* () {},
}

const OTHERS: Readonly<Record<string, unknown>> = {
  error: new TypeError('wrong'),
  promise: Promise.resolve(1),
  generator: (function* () {})(),
  buffer: new ArrayBuffer(2),
  'shared buffer': new SharedArrayBuffer(2),
  'data view of one': new DataView(new ArrayBuffer(2)),
  'module namespace': nodeUtil,
  'a map by its tag': { [Symbol.toStringTag]: 'Map' },
  'what inherits from a map': Object.create(new Map()) as unknown,
  'the prototype of maps': Map.prototype,
  'a map of another tag': Object.defineProperty(new Map(), Symbol.toStringTag, { value: 'Own' }),
  'a bound function': Function.prototype.bind.call(async () => {}, null),
  'a proxy of a map': new Proxy(new Map(), {}),
}

describe.each(Object.entries({ ...SAMPLES, ...OTHERS }))('the kind of %s', (_, value) => {
  test.each(Object.keys(types).filter((name) => name !== 'isProxy'))('%s', (name) => {
    const by = (own: object): unknown => (Reflect.get(own, name) as (value: unknown) => boolean)(value)
    expect(by(types)).toBe(by(nodeUtil.types))
  })
})

test.each(Object.entries(SAMPLES))('%s is shown as in Node, on one line', (_, value) => {
  const line = { breakLength: Infinity, compact: Infinity } as const
  expect(inspect(value)).toBe(nodeUtil.inspect(value, line))
  expect(inspect({ deep: [value] }, { depth: 0 })).toBe(nodeUtil.inspect({ deep: [value] }, { ...line, depth: 0 }))
})

test('a value that leads back to itself is shown, and so is one that shows itself', () => {
  const circle: { self?: unknown } = {}
  circle.self = circle
  expect(inspect(circle)).toBe('{ self: [Circular *1] }')
  const own = { [Symbol.for('nodejs.util.inspect.custom')]: () => ({ shown: 'by itself' }) }
  expect(inspect(own)).toBe("{ shown: 'by itself' }")
})

test.each([
  [['plain', 1, { a: 'b' }]],
  [['%s is %d, %i, %f', 'text', 1.5, 2.5, '3.5']],
  [['%j and %%', { a: 1 }]],
  [['100%']],
  [['%s']],
  [['%s %s', 'one']],
  [['%cred', 'colour: red']],
  [[1, 2]],
  [[]],
  [['%d', 12n]],
  [['%s and %s', { toString: () => 'own' }, new Date(0)]],
])('format puts arguments %# together as in Node', (args) => {
  expect(format(...args)).toBe(nodeUtil.format(...args))
})

// No invalid dates: whether two of them are equal, the versions of Node say differently.
const validDate = fc.date({ noInvalidDate: true })
const anything = fc.anything({
  values: [
    fc.boolean(),
    fc.integer(),
    fc.double(),
    fc.string(),
    fc.constantFrom(null, undefined),
    fc.bigInt(),
    validDate,
  ],
  withBigInt: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withNullPrototype: true,
  withSparseArray: true,
  withBoxedValues: true,
})

test('two values are equal if they are so in Node', () => {
  fc.assert(
    fc.property(anything, anything, (one, other) => {
      expect(isDeepStrictEqual(one, other)).toBe(nodeUtil.isDeepStrictEqual(one, other))
    }),
  )
})

test('a value equals its copy', () => {
  fc.assert(
    fc.property(fc.clone(anything, 2), ([one, other]) => {
      expect(isDeepStrictEqual(one, other)).toBe(nodeUtil.isDeepStrictEqual(one, other))
    }),
  )
})

const circle = (value: unknown): unknown => {
  const made: unknown[] = [value]
  made.push(made)
  return made
}

test.each([
  [Number.NaN, Number.NaN],
  [0, -0],
  [[Number.NaN], [Number.NaN]],
  [new Map([[{ a: 1 }, 1]]), new Map([[{ a: 1 }, 1]])],
  [new Map([[{ a: 1 }, 1]]), new Map([[{ a: 2 }, 1]])],
  [
    new Map([
      [1, 2],
      [3, 4],
    ]),
    new Map([
      [3, 4],
      [1, 2],
    ]),
  ],
  [new Set([[1], [2]]), new Set([[2], [1]])],
  [new Set([[1], [1]]), new Set([[1], [2]])],
  [Uint8Array.of(1, 2), Uint8Array.of(1, 2)],
  [Uint8Array.of(1, 2), Int8Array.of(1, 2)],
  [Float64Array.of(0), Float64Array.of(-0)],
  [Float64Array.of(Number.NaN), Float64Array.of(Number.NaN)],
  [new DataView(Uint8Array.of(1, 2).buffer, 1), new DataView(Uint8Array.of(0, 2).buffer, 1)],
  [Uint8Array.of(1).buffer, Uint8Array.of(2).buffer],
  [new Error('a'), new Error('a')],
  [new Error('a'), new Error('b')],
  [new Date(1), new Date(1)],
  [/a/g, /a/i],
  [circle(1), circle(1)],
  [circle(1), circle(2)],
  [[undefined], Object.assign([], { length: 1 })],
  [{ a: undefined }, {}],
  [new Own(), new Own()],
  [new Own(), { value: 2 }],
  [{ [Symbol.iterator]: 1 }, { [Symbol.iterator]: 2 }],
  [Object(1), 1],
  [[], {}],
])('%# are equal or not, as in Node', (one, other) => {
  expect(isDeepStrictEqual(one, other)).toBe(nodeUtil.isDeepStrictEqual(one, other))
})

describe('a Buffer', () => {
  const bytes = fc.uint8Array({ maxLength: 200 })
  const encodings = ['latin1', 'utf8', 'hex', 'base64', 'base64url', 'utf16le', 'ascii'] as const

  test.each(encodings)('has the text of Node in %s', (encoding) => {
    fc.assert(
      fc.property(bytes, fc.nat(50), fc.nat(200), (data, start, end) => {
        const [here, nodes] = [PageBuffer.from(data), nodeBuffer.Buffer.from(data)]
        expect(here.toString(encoding, start, end)).toBe(nodes.toString(encoding, start, end))
      }),
    )
  })

  test.each(encodings)('is made of a text in %s as in Node', (encoding) => {
    fc.assert(
      fc.property(bytes, (data) => {
        const text = nodeBuffer.Buffer.from(data).toString(encoding)
        expect([...PageBuffer.from(text, encoding)]).toEqual([...nodeBuffer.Buffer.from(text, encoding)])
      }),
    )
  })

  test('has long texts of bytes and of any code units, wherever it begins', () => {
    const at = (Buffer: typeof nodeBuffer.Buffer, offset: number) => {
      const buffer = Buffer.from(new ArrayBuffer(100_001), offset) as nodeBuffer.Buffer & Slices
      for (let index = 0; index < buffer.length; index++) buffer[index] = (index * 7919) >> 5
      return [buffer.latin1Slice(3, 90_000), buffer.ucs2Slice(2, 90_000), buffer.ucs2Slice(3, 90_000)]
    }
    for (const offset of [0, 1]) expect(at(PageBuffer as never, offset)).toEqual(at(nodeBuffer.Buffer, offset))
  })

  test('is compared, joined and measured as in Node', () => {
    fc.assert(
      fc.property(bytes, bytes, fc.string(), (one, other, text) => {
        const made = [PageBuffer as never as typeof nodeBuffer.Buffer, nodeBuffer.Buffer].map((Buffer) => {
          const [a, b] = [Buffer.from(one), Buffer.from(other)]
          return [Buffer.compare(a, b), a.equals(b), Buffer.concat([a, b]).toString('hex'), Buffer.byteLength(text)]
        })
        expect(made[0]).toEqual(made[1])
      }),
    )
  })
})

interface Slices {
  latin1Slice(start: number, end: number): string
  ucs2Slice(start: number, end: number): string
}

const ABSENT: string = './absent.ts'

describe('a hook', () => {
  const told = (work: () => unknown): string[] => {
    const heard: string[] = []
    const hook = createHook({
      init: (_id, type, _trigger, resource) => heard.push(`${type} ${resource instanceof Promise}`),
      promiseResolve: () => heard.push('settled'),
    })
    hook.enable()
    try {
      work()
    } finally {
      hook.disable()
    }
    return heard
  }
  const before = Promise.resolve()

  test.each<[string, () => unknown]>([
    ['new Promise', () => new Promise(() => {})],
    ['Promise.resolve', () => Promise.resolve(1)],
    ['Promise.all', () => Promise.all([])],
    ['then', () => before.then(() => {})],
    ['catch', () => before.catch(() => {})],
    ['finally', () => before.finally(() => {})],
    ['await of a promise', () => void (async () => await before)()],
    ['import', () => void (async () => await import(ABSENT).catch(() => {}))()],
  ])('is told of %s', (_, work) => {
    expect(told(work)).toContain('PROMISE true')
  })

  test('is told when code settles a promise that it has made', () => {
    expect(told(() => new Promise((resolve) => resolve(undefined)))).toEqual(['settled', 'PROMISE true'])
  })

  test('hears nothing of code without promises, and nothing when it is disabled', () => {
    expect(told(() => [1].map((each) => each + 1))).toEqual([])
    const hook = createHook({ init: () => expect.fail(), promiseResolve: () => expect.fail() })
    hook.enable()
    hook.disable()
    void Promise.resolve(1).then(() => {})
    expect(Object.getOwnPropertyDescriptor(Promise.prototype, 'constructor')).toEqual({
      value: Promise,
      writable: true,
      configurable: true,
      enumerable: false,
    })
  })

  test('leaves promises what they are', async () => {
    const hook = createHook({ init() {}, promiseResolve() {} })
    hook.enable()
    class Own extends Promise<number> {}
    const own = new Own((resolve) => resolve(3))
    expect(own).toBeInstanceOf(Own)
    expect(own.then(() => 4)).toBeInstanceOf(Own)
    expect(await own).toBe(3)
    expect(() => new Promise(undefined as never)).toThrow(TypeError)
    await expect(Promise.reject(new Error('no'))).rejects.toThrow('no')
    hook.disable()
  })
})
