import assert from 'node:assert'
import strict from 'node:assert/strict'
import { isUtf8 } from 'node:buffer'
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { StringDecoder } from 'node:string_decoder'
import { format, inspect, isDeepStrictEqual, types } from 'node:util'
import { serialize } from 'node:v8'
import { crc32, deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import { over } from '../counters.ts'
import { attempt, expectAsNative } from './single-actor.ts'

type Action = (memory: SharedArrayBuffer) => unknown

const words = (memory: SharedArrayBuffer): Int32Array => {
  const view = new Int32Array(memory, 0, 4)
  view.set([1, 2, 3, 4])
  return view
}
const bytes = (memory: SharedArrayBuffer): Uint8Array => new Uint8Array(words(memory).buffer as SharedArrayBuffer, 0, 8)
const message = (work: () => unknown): string => attempt(work, new SharedArrayBuffer(0))

const actions: Record<string, Action> = {
  'questions for a kind': (memory) => {
    const views = [words(memory), bytes(memory), new DataView(memory), new BigInt64Array(memory), Buffer.from(memory)]
    return views.map((view) => [
      types.isProxy(view),
      types.isTypedArray(view),
      types.isArrayBufferView(view),
      types.isUint8Array(view),
      types.isInt32Array(view),
      types.isDataView(view),
      types.isBigInt64Array(view),
      types.isSharedArrayBuffer(view.buffer),
      Buffer.byteLength(view as Uint8Array),
    ])
  },
  'deep comparisons': (memory) => {
    const view = words(memory)
    return [
      isDeepStrictEqual(view, Int32Array.of(1, 2, 3, 4)),
      isDeepStrictEqual(view, Int32Array.of(1, 2, 3, 5)),
      isDeepStrictEqual({ list: [view] }, { list: [Int32Array.of(1, 2, 3, 4)] }),
      isDeepStrictEqual(new Map([['view', view]]), new Map([['view', Int32Array.of(1, 2, 3, 4)]])),
      isDeepStrictEqual(new DataView(memory, 0, 8), new DataView(bytes(memory).slice().buffer)),
      isDeepStrictEqual(memory, new SharedArrayBuffer(64)),
      isDeepStrictEqual(view, view),
    ]
  },
  'assertions that hold': (memory) => {
    const view = words(memory)
    assert.deepStrictEqual(view, Int32Array.of(1, 2, 3, 4))
    assert.deepEqual([...view], [1, 2, 3, 4])
    assert.deepEqual({ view }, { view: Int32Array.of(1, 2, 3, 4) })
    strict.deepEqual(view, Int32Array.of(1, 2, 3, 4))
    assert.notDeepStrictEqual(view, Int32Array.of(1))
    assert.strictEqual(view, view)
  },
  'assertions that do not': (memory) => [
    message(() => assert.deepStrictEqual(words(memory), Int32Array.of(1, 2, 3, 5))),
    message(() => assert.notDeepEqual(words(memory), Int32Array.of(1, 2, 3, 4))),
  ],
  'text for people': (memory) => {
    const list: { view?: unknown; more: unknown[] } = { more: [new Float64Array(memory, 32, 2)] }
    list.view = words(memory)
    return [
      inspect(words(memory)),
      inspect(list),
      inspect(new DataView(memory, 4, 8)),
      inspect(memory),
      inspect(Buffer.from(memory, 0, 4)),
      inspect({ a: { b: { c: { view: words(memory) } } } }),
      inspect(new Uint8Array(memory), { maxArrayLength: 3 }),
      inspect(Int32Array.of(1)),
      format('%O %s %j', words(memory), 'text', words(memory)),
    ]
  },
  digests: (memory) => [
    createHash('sha1').update(bytes(memory)).digest('hex'),
    createHash('sha1')
      .update(new DataView(memory, 0, 4))
      .digest('hex'),
    createHmac('sha1', bytes(memory)).update(bytes(memory)).digest('hex'),
    timingSafeEqual(bytes(memory), bytes(memory).slice()),
    timingSafeEqual(memory as never, memory as never),
  ],
  'text and compression': (memory) => [
    new TextDecoder().decode(memory).length,
    new StringDecoder('latin1').write(bytes(memory)),
    isUtf8(bytes(memory)),
    deflateSync(bytes(memory)).toString('hex'),
    (crc32 as unknown)?.constructor.name,
    serialize(bytes(memory)).length,
    new Blob([bytes(memory) as never, 'text']).size,
  ],
  'parts of Buffers': (memory) => {
    const shared = Buffer.from(memory, 0, 16)
    shared.write('abcdefgh')
    const own = Buffer.alloc(4)
    return [
      shared.slice(2, 4).toString(),
      shared.subarray(-2).length,
      shared.toLocaleString().length,
      shared.slice(0, 8).swap16().toString(),
      shared.slice(0, 8).swap32().toString(),
      message(() => shared.slice(0, 3).swap16()),
      message(() => shared.readInt32LE(40)),
      message(() => shared.readInt32LE(1.5)),
      message(() => shared.writeInt8(300, 0)),
      Buffer.concat([shared, own]).length,
      Buffer.compare(shared, own),
      own.equals(shared),
      own.compare(shared),
      shared.indexOf(shared.subarray(4, 6)),
      Buffer.from('xyz').copy(shared, 1),
      shared.copy(own, 1, 0, 2),
      Buffer.alloc(4, shared.subarray(0, 2)).toString('hex'),
      own.fill(shared.subarray(1, 3)).toString('hex'),
      Buffer.copyBytesFrom(shared, 1, 2).toString(),
    ]
  },
  // Missing before Node 24.
  'bytes as text': (memory) => {
    const view = bytes(memory)
    const call = (name: string, ...args: unknown[]): unknown =>
      (Reflect.get(view, name) as ((...args: unknown[]) => unknown) | undefined)?.apply(view, args)
    return [
      [call('toHex'), call('toBase64'), call('toBase64', { alphabet: 'base64url' })],
      [call('setFromHex', 'ff00aa'), call('setFromBase64', 'AQI='), message(() => call('setFromHex', '0102zz'))],
      [...view],
    ]
  },
  'a shared buffer of its own': (memory) => {
    words(memory)
    const part = memory.slice(4, -8)
    return [part instanceof SharedArrayBuffer, [...new Int32Array(part)], memory.slice(99).byteLength]
  },
}

test.each(Object.entries(actions))('a function of Node does in an actor what it does elsewhere: %s', (_, action) => {
  expectAsNative(action)
})

test.each<[string, (words: Int32Array) => unknown]>([
  ['isDeepStrictEqual', (view) => isDeepStrictEqual({ view }, {})],
  ['inspect', (view) => inspect({ view })],
  ['a hash', (view) => createHash('sha1').update(view).digest('hex')],
  ['a decoder', (view) => new TextDecoder().decode(view.buffer)],
  ['inspect, of the buffer', (view) => inspect(view.buffer)],
  ['Blob', (view) => new Blob([view as never]).size],
  ['slice', (view) => (view.buffer as SharedArrayBuffer).slice(0, 4).byteLength],
  ['a description', (view) => Object.getOwnPropertyDescriptor(view, 0)],
])('what %s reads is seen', (_, read) => {
  const result = explore(
    over({
      reader: (view) => read(view),
      writer: (view) => {
        view[0] = 1
      },
    }),
  )
  expect(result.failures[0]?.kind).toBe('data-race')
})

test('a check of the class of a view reads no element', () => {
  const result = explore(
    over({
      asker: (view) => [types.isInt32Array(view), ArrayBuffer.isView(view), Buffer.byteLength(view)],
      writer: (view) => {
        view[0] = 1
      },
    }),
  )
  expect(result).toMatchObject({ verdict: 'pass', complete: true, schedules: 1 })
})

test('an invariant and an observation can compare views', () => {
  const result = explore(
    over(
      { alice: (view) => Atomics.add(view, 0, 1), bob: (view) => Atomics.add(view, 1, 1) },
      {
        invariant: (view) => {
          assert.deepStrictEqual(view, Int32Array.of(1, 1, 0, 0))
        },
        observe: (view) => inspect(view),
        outcomes: { 'Int32Array(4) [ 1, 1, 0, 0 ]': 'acceptable' },
      },
    ),
  )
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
})

test('random bytes that are written into a view are seen', () => {
  const result = explore(
    over({
      alice: (view) => crypto.getRandomValues<Int32Array<ArrayBuffer>>(view as Int32Array<ArrayBuffer>)[0],
      bob: (view) => Atomics.load(view, 0),
    }),
  )
  expect(result.failures[0]?.kind).toBe('data-race')
})

test('a native function that was kept from before is named when it is given a view', () => {
  const { fill } = Object.getPrototypeOf(Int32Array.prototype) as Int32Array
  const result = explore(over({ alice: (view) => fill.call(view, 1), bob: (view) => view[0] }))
  expect(result).toMatchObject({ verdict: 'error', error: { message: /fill was given a view of shared memory/ } })
})

test('after an exploration the functions of Node are the originals', () => {
  const functions = (): unknown[] => [
    isDeepStrictEqual,
    assert.deepStrictEqual,
    types.isProxy,
    structuredClone,
    Blob,
    createHash('md5').update,
  ]
  const before = functions()
  explore(over({ alice: (view) => Atomics.load(view, 0) }))
  expect(functions().map((value, index) => value === before[index])).not.toContain(false)
  expect(Object.hasOwn(Object.getPrototypeOf(Int32Array.prototype) as object, inspect.custom)).toBe(false)
})

test('named imports give the replacements, and the originals again afterwards', async () => {
  const named = await import('node:util')
  const native = named.isDeepStrictEqual
  let inside: unknown
  explore(over({ alice: () => void (inside = named.isDeepStrictEqual) }))
  expect(inside).not.toBe(native)
  expect(named.isDeepStrictEqual === native).toBe(true)
})
