/**
 * The replacements of functions of Node that take views and only read them. A view of shared memory is replaced by a
 * copy, and making the copy is what the explorer sees. Functions that compare or serialise values get copies at any
 * depth.
 */
import assert from 'node:assert'
import strict from 'node:assert/strict'
import buffer from 'node:buffer'
import crypto from 'node:crypto'
import stringDecoder from 'node:string_decoder'
import util from 'node:util'
import v8 from 'node:v8'
import zlib from 'node:zlib'
import { NativeBuffer } from '../model/native.ts'
import type { Patches } from './patch.ts'
import { sharedView } from '../model/shared-view.ts'
import { changed, standInFor } from './stand-ins.ts'
import { cloneShared } from './structured-clone.ts'

type Native = (...args: unknown[]) => unknown
type Change = (args: unknown[]) => unknown[]
type Wrap = (native: Native) => Native

const COMPARING = ['deepEqual', 'deepStrictEqual', 'notDeepEqual', 'notDeepStrictEqual', 'partialDeepStrictEqual']

const DEEP: readonly (readonly [owner: object, keys: readonly string[]])[] = [
  [assert, COMPARING],
  [strict, COMPARING],
  [util, ['isDeepStrictEqual']],
  [v8, ['serialize']],
]

const READING: readonly (readonly [owner: object, keys: readonly string[]])[] = [
  [buffer, ['isAscii', 'isUtf8', 'transcode', 'Blob', 'File']],
  [
    crypto,
    'hash createHmac createSecretKey createCipheriv createDecipheriv timingSafeEqual'
      .split(' ')
      .concat('hkdfSync pbkdf2Sync scryptSync sign verify createPrivateKey createPublicKey'.split(' ')),
  ],
  [
    zlib,
    'deflateSync deflateRawSync gzipSync inflateSync inflateRawSync gunzipSync unzipSync crc32'
      .split(' ')
      .concat('brotliCompressSync brotliDecompressSync zstdCompressSync zstdDecompressSync'.split(' ')),
  ],
]

/** Classes whose methods read their arguments, by module. */
const CLASSES: readonly (readonly [
  owner: object,
  classes: readonly (readonly [name: string, ...methods: string[]])[],
])[] = [
  [
    crypto,
    [
      ['Hash', 'update'],
      ['Hmac', 'update'],
      ['Cipheriv', 'update', 'setAAD'],
      ['Decipheriv', 'update', 'setAAD', 'setAuthTag'],
      ['Sign', 'update'],
      ['Verify', 'update', 'verify'],
    ],
  ],
  [stringDecoder, [['StringDecoder', 'write', 'end']]],
]

/** Functions that ask for the class of a view. They read no elements. */
const KINDS = /^is(Proxy|TypedArray|ArrayBufferView|DataView|(Big)?(Uint|Int|Float)\d+(Clamped)?Array)$/

export function replaceNodeFunctions(patches: Patches): void {
  for (const [owner, keys] of DEEP) replaceAll(patches, owner, keys, deep)
  for (const [owner, keys] of READING) replaceAll(patches, owner, keys, shallow)
  for (const [owner, classes] of CLASSES) {
    for (const [key, ...methods] of classes) {
      const found = Reflect.get(owner, key) as { prototype: object } | undefined
      if (found !== undefined) replaceAll(patches, found.prototype, methods, shallow)
    }
  }
  const { types } = util
  replaceAll(patches, types, kindNames(types), kind)
  replaceAll(patches, NativeBuffer, ['concat', 'compare', 'copyBytesFrom', 'alloc'], shallow)
  replaceAll(patches, NativeBuffer, ['byteLength'], kind)
  replaceAll(patches, globalThis, ['Blob', 'File'], shallow)
  replaceAll(patches, globalThis, ['structuredClone'], clone)
}

let kinds: readonly string[] | undefined

function kindNames(types: object): readonly string[] {
  return (kinds ??= Object.keys(types).filter((name) => KINDS.test(name)))
}

function replaceAll(patches: Patches, owner: object, keys: readonly string[], wrap: Wrap): void {
  for (const key of keys) {
    const native: unknown = Reflect.get(owner, key)
    if (typeof native === 'function') patches.replace(owner, key, wrap(native as Native))
  }
}

const deep = handing((args) => args.map((arg) => changed(arg, standInFor)))
const shallow = handing((args) => args.map(asStandIn))
const kind = handing((args) => args.map((arg) => sharedView(arg)?.raw ?? arg))
const clone = remembered(
  (native) =>
    (value: unknown, ...rest: unknown[]) =>
      cloneShared(native, value, rest),
)

/** Makes a replacement that calls the native function with changed arguments, and is like it otherwise. */
function handing(change: Change): Wrap {
  return remembered(
    (native) =>
      new Proxy(native, {
        apply: (_, self, args: unknown[]): unknown => Reflect.apply(native, self, change(args)),
        construct: (_, args: unknown[], target) => Reflect.construct(native, change(args), target) as object,
      }),
  )
}

/** Keeps the replacement of each function, so that it is the same in each exploration. */
function remembered(make: Wrap): Wrap {
  const made = new WeakMap<Native, Native>()
  return (native) => {
    const before = made.get(native)
    if (before !== undefined) return before
    const replaced = make(native)
    made.set(native, replaced)
    return replaced
  }
}

function asStandIn(value: unknown): unknown {
  return Array.isArray(value) ? value.map((part: unknown) => standInFor(part) ?? part) : (standInFor(value) ?? value)
}
