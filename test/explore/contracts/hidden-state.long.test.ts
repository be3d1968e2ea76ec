/**
 * Locks that count their calls where a snapshot may not look. A proof that takes two states for one that differ only there would call the
 * lock proved.
 */
import { expect, test } from 'vitest'

import { proofOf, ThirdCall } from './third-try.ts'

type Count = () => number

/** A class that extends it gives any object a private field. */
const Given = function (object: object) {
  return object
} as unknown as new (object: object) => object

class Stamp extends Given {
  #n = 0

  static next(object: object): number {
    return ++(object as Stamp).#n
  }
}

class Zero {
  readonly own = 0

  static n(): number {
    return 0
  }
}

class Shared {
  readonly own = 0

  static readonly held = new WeakMap<object, number>()
  static readonly #alsoHeld = new WeakMap<object, number>()

  static next(key: object): number {
    return next(this.#alsoHeld, key)
  }
}

const zero = (): number => 0

function next(map: WeakMap<object, number>, key: object): number {
  const n = (map.get(key) ?? 0) + 1
  map.set(key, n)
  return n
}

function countIn(..._all: number[]): Count {
  const all = arguments as unknown as number[]
  return () => ++all[0]!
}

function counts(): { count: Count } {
  const { target } = { target: () => new.target as unknown as { n: number } }
  return { count: () => ++target().n }
}

/** Counts as `count` does from its second call on. */
function later(count: Count): Count {
  let started = false
  return () => {
    if (started) return count()
    started = true
    return 1
  }
}

const held = new WeakMap<object, number>()

/** Where the count is kept. Each is made anew for each lock. */
const PLACES: Record<string, () => Count> = {
  'a variable of a closure': () => {
    let n = 0
    return () => ++n
  },
  'the this of an arrow function': () =>
    function (this: { n: number }) {
      return () => ++this.n
    }.call({ n: 0 }),
  'a generator': () => {
    const all = (function* () {
      for (let n = 1; ; n++) yield n
    })()
    return () => all.next().value
  },
  'the iterator of an array': () => {
    const all = [1, 2, 3, 4, 5, 6, 7, 8, 9][Symbol.iterator]()
    return () => all.next().value ?? 10
  },
  'the iterator of a map': () => {
    const all = new Map([1, 2, 3, 4, 5, 6].map((n) => [n, n])).keys()
    return () => all.next().value ?? 10
  },
  'the iterator of a text': () => {
    const all = '123456789'[Symbol.iterator]()
    return () => Number(all.next().value ?? 10)
  },
  'the iterator of matches': () => {
    const all = '123456789'.matchAll(/\d/g)
    return () => Number(all.next().value?.[0] ?? 10)
  },
  'a bound function': () => {
    const bind = (n: number): (() => number) => ((m: number): number => m).bind(undefined, n)
    let last = bind(0)
    return () => {
      const n = last() + 1
      last = bind(n)
      return n
    }
  },
  'a date': () => {
    const date = new Date(0)
    return () => date.setTime(date.getTime() + 1)
  },
  lastIndex: () => {
    const digits = /\d/g
    return () => (digits.test('123456789') ? digits.lastIndex : 10)
  },
  'the source of an expression': () => {
    let digits = /x/
    return () => {
      digits = new RegExp(`${digits.source}x`)
      return digits.source.length - 1
    }
  },
  'the flags of an expression': () => {
    let digits = /x/
    return () => {
      const n = digits.flags.length + 1
      digits = new RegExp('x', 'gimsuy'.slice(0, n))
      return n
    }
  },
  'a private field': () => {
    const counter = new (class {
      #n = 0
      next(): number {
        return ++this.#n
      }
    })()
    return () => counter.next()
  },
  'a private field of a plain object': () => {
    const object = new Stamp({})
    return () => Stamp.next(object)
  },
  'a private static field': () => {
    const Counter = class {
      static #n = 0
      readonly own = 0
      static next(): number {
        return ++this.#n
      }
    }
    return () => Counter.next()
  },
  'a static field': () => {
    const Counter = class {
      static n = 0
      readonly own = 0
    }
    return () => ++Counter.n
  },
  'a symbol': () => {
    const key = Symbol('n')
    const object: Record<symbol, number> = { [key]: 0 }
    return () => (object[key] = object[key]! + 1)
  },
  'a property of a function': () => {
    const counter = Object.assign(() => 0, { n: 0 })
    return () => ++counter.n
  },
  'the order of a set': () => {
    const set = new Set([1, 2, 3, 4])
    return () => {
      const [first] = set
      set.delete(first!)
      set.add(first!)
      return first!
    }
  },
  'a map': () => {
    const map = new Map<string, number>()
    return () => map.set('n', (map.get('n') ?? 0) + 1).get('n')!
  },
  'a weak map': () => {
    const map = new WeakMap<object, number>()
    const key = {}
    return () => next(map, key)
  },
  'a weak reference': () => {
    const box = new WeakRef({ n: 0 })
    return () => ++box.deref()!.n
  },
  'a weak map of the module': () => {
    const key = {}
    return () => next(held, key)
  },
  'a weak map of a class': () => {
    const key = {}
    return () => next(Shared.held, key)
  },
  'a private weak map of a class': () => {
    const key = {}
    return () => Shared.next(key)
  },
  'a number object': () => {
    let n = new Object(0)
    return () => ((n = new Object(Number(n) + 1)) as number) + 0
  },
  'a symbol object': () => {
    let last = new Object(Symbol.for('0'))
    return () => {
      const n = Number(Symbol.prototype.valueOf.call(last).description) + 1
      last = new Object(Symbol.for(String(n)))
      return n
    }
  },
  '-0': () => {
    let n = 0
    return later(() => {
      if (Object.is(n, -0)) return 3
      n = -0
      return 2
    })
  },
  'a bigint': () => {
    let n: number | bigint = 2
    return later(() => {
      if (typeof n === 'bigint') return 3
      n = 2n
      return 2
    })
  },
  'a hole': () => {
    const list: undefined[] = [undefined]
    return later(() => {
      if (!(0 in list)) return 3
      Reflect.deleteProperty(list, 0)
      return 2
    })
  },
  'a text like another': () => {
    let object: Record<string, unknown> = { a: 'x', b: 'y' }
    return later(() => {
      if (!('b' in object)) return 3
      object = { a: 'x,"b": string y' }
      return 2
    })
  },
  'an accessor': () => {
    let n = 0
    const object = {
      get next() {
        return ++n
      },
    }
    return () => object.next
  },
  'a setter': () => {
    const object = {} as { next: { n: number } }
    const define = (n: number): void => {
      const set = (box: { n: number }): void => {
        box.n = n
        define(n + 1)
      }
      Object.defineProperty(object, 'next', { get: zero, set, configurable: true })
    }
    define(1)
    return () => {
      const box = { n: 0 }
      object.next = box
      return box.n
    }
  },
  'a proxy': () => {
    const proxy = new Proxy({ n: 0 }, {})
    return () => ++proxy.n
  },
  'the message of an error': () => {
    const error = new Error('0')
    return () => Number((error.message = String(Number(error.message) + 1)))
  },
  'whether an object can be extended': () => {
    const object = {}
    return later(() => {
      if (!Object.isExtensible(object)) return 3
      Object.preventExtensions(object)
      return 2
    })
  },
  'whether a property can be written': () => {
    const object = { n: 0 }
    return later(() => {
      const { writable } = Object.getOwnPropertyDescriptor(object, 'n')!
      Object.defineProperty(object, 'n', { writable: false })
      return writable === true ? 2 : 3
    })
  },
  'a prototype': () => {
    const object = Object.create({ n: 0 }) as object
    return () => ++(Object.getPrototypeOf(object) as { n: number }).n
  },
  bytes: () => {
    const bytes = new Uint8Array(4)
    return () => ++bytes[3]!
  },
  'bytes of the same hash': () => {
    const [one, other] = COLLISION
    const bytes = one!.slice()
    return later(() => {
      if (bytes[0] === other![0]) return 3
      bytes.set(other!)
      return 2
    })
  },
  'the place of a view': () => {
    const bytes = new Uint8Array(10)
    let at = bytes.subarray(0, 1)
    return () => {
      const n = at.byteOffset + 1
      at = bytes.subarray(n, n + 1)
      return n
    }
  },
  'the size to which a buffer can grow': () => {
    const bufferOf = (maxByteLength: number): ArrayBuffer =>
      Reflect.construct(ArrayBuffer, [1, { maxByteLength }]) as ArrayBuffer
    let last = bufferOf(1)
    return () => {
      const n = Reflect.get(last, 'maxByteLength') as number
      last = bufferOf(n + 1)
      return n
    }
  },
  'a new.target': () => {
    const counter = Object.assign(counts.bind(undefined), { n: 0 })
    return (Reflect.construct(counts, [], counter) as { count: Count }).count
  },
  'many bytes': () => {
    const bytes = new Uint8Array(2 ** 17)
    return () => ++bytes[70_000]!
  },
  'the bytes of a large buffer': () => {
    const buffer = new ArrayBuffer(2 ** 17)
    return () => ++new Uint8Array(buffer)[70_000]!
  },
  'one of many objects': () => {
    const all = Array.from({ length: 1000 }, () => ({ n: 0 }))
    return () => ++all.at(-1)!.n
  },
  'the arguments': () => countIn(0),
  'parameters of a search': () => {
    const all = new URLSearchParams('n=0')
    return () => {
      all.set('n', String(Number(all.get('n')) + 1))
      return Number(all.get('n'))
    }
  },
  'a class that is made anew': () => {
    let Counter = Zero
    return () => {
      const n = Counter.n() + 1
      Counter = class extends Counter {
        static override n(): number {
          return super.n() + 1
        }
      }
      return n
    }
  },
}

/** Two texts of equal length with the same FNV-1a hash. */
const COLLISION = collision()

function collision(): readonly Uint8Array[] {
  const seen = new Map<number, Uint8Array>()
  for (let n = 0; ; n++) {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setUint32(0, Math.imul(n, 0x9e_37_79_b1))
    new DataView(bytes.buffer).setUint32(4, n)
    let hash = 0x81_1c_9d_c5
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01_00_01_93)
    const before = seen.get(hash)
    if (before !== undefined && before[0] !== bytes[0]) return [before, bytes]
    seen.set(hash, bytes)
  }
}

test.each(Object.entries(PLACES))('a lock is not proved that counts its calls in %s', (_, make) => {
  expect(proofOf(ThirdCall, (words) => new ThirdCall(words, make())).kind).not.toBe('proved')
})

test('a lock that counts nothing is proved', () => {
  expect(proofOf(ThirdCall, (words) => new ThirdCall(words, () => 0))).toMatchObject({ kind: 'proved' })
})
