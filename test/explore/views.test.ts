import { expect, test } from 'vitest'

import { withGlobalsReplaced } from '../../src/explore/globals/install.ts'
import { explore } from '../../src/explore/index.ts'
import { outcomeKey } from '../../src/explore/subject/outcome.ts'

type Action = (memory: SharedArrayBuffer) => unknown

const ints = (memory: SharedArrayBuffer): Int32Array => new Int32Array(memory, 0, 8)
const bytes = (memory: SharedArrayBuffer): Uint8Array => new Uint8Array(memory)
const buffer = (memory: SharedArrayBuffer): Buffer => Buffer.from(memory, 4, 24)
const view = (memory: SharedArrayBuffer): DataView => new DataView(memory, 4)

/** Operations of ordinary code on shared memory, with the values that they return. */
const actions: Record<string, Action> = {
  'element access': (memory) => {
    const words = ints(memory)
    words[1] = words[0]! + 2 ** 32 + 3
    words[2]!++
    words[99] = 1
    return [words[1], words[2], words[99], words[-1 as number], '3' in words, 99 in words]
  },
  'every kind of element': (memory) => {
    const kinds = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array]
    const seen: unknown[] = kinds.map((Kind) => {
      const elements = new (Kind as Int32ArrayConstructor)(memory)
      elements[3] = 300.7
      elements[2] = -1
      return [elements[3], elements[2], elements.length, elements.BYTES_PER_ELEMENT]
    })
    for (const Kind of [Float32Array, Float64Array] as const) {
      const elements = new (Kind as unknown as Float64ArrayConstructor)(memory)
      elements[1] = 0.1
      elements[2] = NaN
      seen.push([elements[1], String(elements[2])])
    }
    for (const Kind of [BigInt64Array, BigUint64Array] as const) {
      const elements = new (Kind as BigInt64ArrayConstructor)(memory)
      elements[1] = -5n
      seen.push([elements[1], Atomics.add(elements, 1, 7n), Atomics.load(elements, 1)])
    }
    return seen
  },
  'every method of Atomics': (memory) => {
    const words = ints(memory)
    return [
      Atomics.store(words, 0, 6.9),
      Atomics.add(words, 0, 5),
      Atomics.sub(words, 0, 2),
      Atomics.and(words, 0, 12),
      Atomics.or(words, 0, 3),
      Atomics.xor(words, 0, 5),
      Atomics.exchange(words, 0, 2 ** 31),
      Atomics.compareExchange(words, 0, 2 ** 31, 4),
      Atomics.compareExchange(words, 0, -(2 ** 31), 4),
      Atomics.load(words, 0),
      Atomics.wait(words, 0, 5),
      Atomics.wait(words, 0, 4, 0),
      Atomics.notify(words, 0),
      Atomics.isLockFree(4),
      Atomics.store(words, 1, -0),
    ]
  },
  'errors of Atomics': (memory) => {
    const attempts: (() => unknown)[] = [
      () => Atomics.load(ints(memory), 8),
      () => Atomics.load(ints(memory), -1),
      () => Atomics.load(new Float64Array(memory) as never, 0),
      () => Atomics.wait(new Int16Array(memory) as never, 0, 0),
      () => Atomics.add(new BigInt64Array(memory), 0, 1 as never),
      () => Atomics.store(ints(memory), 0, 1n as never),
      () => Atomics.load(ints(memory), '1' as never),
    ]
    return attempts.map((attempt) => {
      try {
        return attempt()
      } catch (error) {
        return (error as Error).constructor.name
      }
    })
  },
  'methods that move elements': (memory) => {
    const words = ints(memory)
    words.set([5, 6, 7], 1)
    words.fill(9, -2)
    words.copyWithin(4, 1, 3)
    words.set(words.subarray(0, 2), 2)
    const part = words.subarray(2, -1)
    part[0] = 77
    return [[...words], words.slice(1, -2), part.length, part.byteOffset, words.fill(1, 3, 4) === words]
  },
  'methods that read': (memory) => {
    const words = ints(memory)
    words.set([3, 1, 2, 1])
    return [
      words.at(-1),
      words.at(0),
      words.indexOf(1),
      words.lastIndexOf(1),
      words.includes(2),
      words.join('-'),
      words.find((value) => value < 3),
      words.findIndex((value) => value < 3),
      words.findLast((value) => value > 0),
      words.every((value) => value >= 0),
      words.some((value) => value > 3),
      words.reduce((sum, value) => sum + value, 0),
      words.map((value) => value * 2),
      words.filter((value) => value === 1),
      words.toReversed(),
      words.toSorted(),
      words.with(0, 8),
      [...words.entries()],
      [...words.keys()],
      [...words.values()],
      words.toString(),
    ]
  },
  'methods that reorder': (memory) => {
    const words = ints(memory)
    words.set([10, 9, 1, -3])
    words.sort()
    words.reverse()
    return [...words]
  },
  'what code asks about a view': (memory) => {
    const words = ints(memory)
    return [
      words instanceof Int32Array,
      words.constructor === Int32Array,
      ArrayBuffer.isView(words),
      Object.prototype.toString.call(words),
      words.buffer === memory,
      words.buffer instanceof SharedArrayBuffer,
      Object.keys(words),
      JSON.stringify(words),
      Array.from(words),
      new Int32Array(words),
      new Float64Array(words),
      Int32Array.from(words),
      Object.getOwnPropertyDescriptor(words, 0),
    ]
  },
  'a class of views': (memory) => {
    class Counter extends Int32Array<SharedArrayBuffer> {
      increment(): number {
        return Atomics.add(this, 0, 1)
      }
    }
    const counter = new Counter(memory)
    counter.increment()
    return [counter.increment(), counter[0], counter instanceof Counter]
  },
  'a DataView': (memory) => {
    const data = view(memory)
    data.setInt16(0, -2)
    data.setInt16(2, -2, true)
    data.setUint32(4, 2 ** 32 - 5)
    data.setFloat64(8, Math.PI, true)
    data.setBigInt64(16, -9n)
    return [
      data.getInt16(0),
      data.getUint16(0, true),
      data.getInt8(3),
      data.getUint32(4),
      data.getFloat32(8),
      data.getFloat64(8, true),
      data.getBigUint64(16),
      data.byteLength,
      data.byteOffset,
    ]
  },
  'a Buffer': (memory) => {
    const shared = buffer(memory)
    return [
      shared.write('häuser', 2),
      shared.writeInt32LE(-7, 12),
      shared.writeUIntBE(0x123456, 18, 3),
      shared.readInt32LE(12),
      shared.readUIntBE(18, 3),
      shared.readDoubleBE(4),
      shared.toString('utf8', 2, 9),
      shared.toString('hex'),
      shared.subarray(2, 6).toString(),
      shared.indexOf('user'),
      shared.includes('xyz'),
      shared.equals(shared),
      Buffer.compare(shared, Buffer.alloc(24)),
      Buffer.concat([shared, Buffer.from('!')]).length,
      Buffer.from(shared).toString('latin1'),
      shared.fill('ab', 20).toString('latin1', 20),
      shared.copy(Buffer.alloc(4), 0, 2, 6),
      shared.length,
    ]
  },
  'text codecs': (memory) => {
    const done = new TextEncoder().encodeInto('größe', bytes(memory).subarray(3))
    return [
      done,
      new TextDecoder().decode(bytes(memory).subarray(3, 3 + done.written)),
      new TextDecoder().decode(view(memory)),
    ]
  },
  'private memory beside it': (memory) => {
    const own = new Int32Array(4)
    own.set(ints(memory).subarray(0, 4))
    own.fill(2, 1, 2)
    const other = new SharedArrayBuffer(8)
    Atomics.add(new Int32Array(other), 1, 5)
    return [own, Atomics.add(own, 0, 1), [...new Int32Array(other)], Buffer.from('abc').toString('hex')]
  },
}

test.each(Object.entries(actions))('seen through, %s do what they do elsewhere', (_, action) => {
  const memory = new SharedArrayBuffer(64)
  const expected = outcomeKey([action(memory), [...new Uint8Array(memory)]])
  const result = explore({
    name: 'views',
    memory: () => new SharedArrayBuffer(64),
    actors: { alice: action },
    observe: (after, { alice }) => [alice, [...new Uint8Array(after as SharedArrayBuffer)]],
  })
  expect(result.error).toBeUndefined()
  expect(Object.keys(result.outcomes)).toEqual([expected])
})

// A run may make another view where the run before made one.
test.each<[what: string, one: Action, other: Action]>([
  ['of another class', (memory) => new Int32Array(memory), (memory) => new Uint8Array(memory)],
  ['of another place', (memory) => new Int32Array(memory, 0, 1), (memory) => new Int32Array(memory, 4, 1)],
  ['of another length', (memory) => new Int32Array(memory, 0, 1), (memory) => new Int32Array(memory, 0)],
])('an actor makes a view %s if what it has read says so', (_, one, other) => {
  const shown = (made: unknown): string => {
    const { constructor, byteOffset, length } = made as Int32Array
    return [constructor.name, byteOffset, length].join()
  }
  const { outcomes } = explore({
    name: 'views',
    memory: () => new SharedArrayBuffer(8),
    actors: {
      alice(memory) {
        const isSet = Atomics.load(new Int32Array(memory as SharedArrayBuffer), 0) === 1
        return shown((isSet ? other : one)(memory as SharedArrayBuffer))
      },
      bob: (memory) => Atomics.store(new Int32Array(memory as SharedArrayBuffer), 0, 1),
    },
    observe: (_memory, { alice }) => alice,
  })
  const plain = new SharedArrayBuffer(8)
  expect(Object.keys(outcomes).toSorted()).toEqual([one, other].map((make) => shown(make(plain))).toSorted())
})

test('views, codecs and Buffers of two actors interleave element by element', () => {
  const result = explore(
    {
      name: 'torn',
      memory: () => new Int32Array(new SharedArrayBuffer(8)),
      actors: {
        writer: (words: Int32Array) => void words.fill(7),
        reader: (words: Int32Array) => Array.from(words.slice()),
      },
      observe: (_, { reader }) => reader,
    },
    { dataRaces: false },
  )
  expect(Object.keys(result.outcomes).toSorted()).toEqual(['[0,0]', '[0,7]', '[7,0]', '[7,7]'])
})

test.each<[name: string, method: (view: Int32Array) => ArrayLike<number>]>([
  ['subarray', (view) => view.subarray(0, 1)],
  ['slice', (view) => view.slice(0, 1)],
  ['map', (view) => view.map((each) => each)],
])('%s of a view from before works where the globals are replaced and no actor runs', (_, method) => {
  const view = new Int32Array(new SharedArrayBuffer(8))
  view[0] = 7
  expect(withGlobalsReplaced(() => method(view)[0])).toBe(7)
})
