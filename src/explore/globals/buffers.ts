/**
 * The replacements of Buffer's methods and of the text codecs, for shared memory. A method that reads works on a
 * private copy of the bytes that it reads. A method that writes works on a private buffer, whose bytes are then
 * written. Any other method of Buffer is refused by name on shared bytes.
 */
import { refuseUnseen } from './atomics.ts'
import { proxied } from './constructors.ts'
import { watcher } from './controller.ts'
import { toInteger } from './convert.ts'
import { copyOut, isSharedBuffer, NativeBuffer, NativeUint8Array } from '../model/native.ts'
import type { Patches } from './patch.ts'
import { pieceSize, readBytes, writeBytes } from './ranges.ts'
import { isUnseenView, sharedView } from '../model/shared-view.ts'
import type { SharedView } from '../model/shared-view.ts'
import { bytesView, standIn } from './stand-ins.ts'

type Method = (...args: unknown[]) => unknown
type Native = (buffer: unknown, ...args: unknown[]) => unknown
type SharedMethod = (view: SharedView, native: Native, args: unknown[], name: string) => unknown

export function replaceBufferMethods(patches: Patches): void {
  const prototype = NativeBuffer.prototype as object
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const native: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value
    if (typeof native !== 'function' || name === 'constructor') continue
    patches.replace(prototype, name, replacementOf(native as Method, name))
  }
  replaceCodecs(patches)
}

/** The replacement of each method: the same in each exploration. */
const replacements = new WeakMap<Method, Method>()

function replacementOf(native: Method, name: string): Method {
  const known = replacements.get(native)
  if (known !== undefined) return known
  const shared = methodFor(name)
  const call: Native = (buffer, ...args) => native.apply(buffer, args)
  const replacement = function (this: unknown, ...args: unknown[]): unknown {
    const view = sharedView(this)
    if (view !== undefined) return shared(view, call, args, name)
    if (isUnseenView(this)) refuseUnseen()
    const target = name === 'copy' ? sharedView(args[0]) : undefined
    return target === undefined ? call(this, ...args.map(withoutProxy)) : copyInto(target, this, call, args)
  }
  replacements.set(native, replacement)
  return replacement
}

function methodFor(name: string): SharedMethod {
  if (name.startsWith('read')) return readNumber
  if (/^write./.test(name)) return writeNumber
  if (name.endsWith('Slice')) return readText
  if (name === 'toString' || name === 'toLocaleString') {
    return (view, native, args) => readText(view, native, [args[1], args[2]], 'toString', args[0])
  }
  if (name.endsWith('Write') || name === 'write' || name === 'fill') return writeText
  if (name === 'subarray' || name === 'slice') return part
  if (name === 'copy') return copy
  if (name.startsWith('swap')) return swap
  if (['equals', 'compare', 'indexOf', 'lastIndexOf', 'includes', 'toJSON'].includes(name)) return readAll
  return refuseMethod
}

/**
 * Returns the size in bytes: from a name such as `readUInt32LE`, or the last argument of `readIntBE(offset,
 * byteLength)`.
 */
function numberSize(name: string, byteLength: unknown): number {
  if (/Float/.test(name)) return 4
  if (/Double/.test(name)) return 8
  const bits = /\d+/.exec(name)?.[0]
  return bits === undefined ? Number(byteLength) : Number(bits) / 8
}

const readNumber: SharedMethod = (view, native, args, name) => {
  const [offset = 0, byteLength] = args
  const size = numberSize(name, byteLength)
  // Out of range: the real method throws its own error on a private buffer of the same length.
  if (!fits(view, offset, size)) return native(NativeBuffer.alloc(view.length), ...args)
  const bytes = NativeBuffer.from(readBytes(view, offset as number, size, size).buffer)
  return native(bytes, 0, byteLength)
}

const writeNumber: SharedMethod = (view, native, args, name) => {
  const [value, offset = 0, byteLength] = args
  const size = numberSize(name, byteLength)
  if (!fits(view, offset, size)) return native(NativeBuffer.alloc(view.length), ...args)
  const bytes = new NativeUint8Array(size)
  native(NativeBuffer.from(bytes.buffer), value, 0, byteLength)
  writeBytes(view, offset as number, bytes, size)
  return (offset as number) + size
}

function fits(view: SharedView, offset: unknown, size: number): boolean {
  return Number.isSafeInteger(offset) && (offset as number) >= 0 && (offset as number) + size <= view.length
}

/** For methods that read from `start` to `end`; `encoding` comes before them where the method takes one. */
function readText(view: SharedView, native: Native, range: unknown[], _name: string, encoding?: unknown): unknown {
  const start = Math.min(Math.max(Math.trunc(Number(range[0] ?? 0)) || 0, 0), view.length)
  const end = Math.min(Math.max(Math.trunc(Number(range[1] ?? view.length)) || 0, start), view.length)
  const bytes = NativeBuffer.from(readBytes(view, start, end - start, pieceSize(end - start, 1)).buffer)
  return _name === 'toString' ? native(bytes, encoding) : native(bytes, 0, end - start)
}

/**
 * For methods that write a run of bytes. The method runs twice on private bytes, once over zeros and once over ones:
 * the bytes that are equal afterwards are the ones that it wrote.
 */
const writeText: SharedMethod = (view, native, args, name) => {
  const [zeros, ones] = [NativeBuffer.alloc(view.length, 0), NativeBuffer.alloc(view.length, 255)]
  const result = native(zeros, ...args)
  native(ones, ...args)
  let [from, to] = [0, view.length]
  while (from < to && zeros[from] !== ones[from]) from++
  while (to > from && zeros[to - 1] !== ones[to - 1]) to--
  writeBytes(view, from, copyOut(zeros, from, to - from), pieceSize(to - from, 1))
  return name === 'fill' ? view.proxy : result
}

const readAll: SharedMethod = (view, native, args) => {
  const bytes = readBytes(view, 0, view.length, pieceSize(view.length, 1))
  return native(NativeBuffer.from(bytes.buffer), ...args.map(withoutProxy))
}

const nativePart = NativeBuffer.prototype.subarray

/** For subarray, and for slice, which shares memory too in Buffer. */
const part: SharedMethod = (view, _native, args) =>
  proxied(nativePart.apply(view.raw as Buffer, args as [number, number]))

/** For swap16, swap32 and swap64: swaps on a private copy, which is then written back. */
const swap: SharedMethod = (view, native) => {
  const bytes = NativeBuffer.from(readBytes(view, 0, view.length, pieceSize(view.length, 1)).buffer)
  native(bytes)
  writeBytes(view, 0, copyOut(bytes, 0, view.length), pieceSize(view.length, 1))
  return view.proxy
}

const copy: SharedMethod = (view, native, args) => {
  const from = NativeBuffer.from(readBytes(view, 0, view.length, pieceSize(view.length, 1)).buffer)
  const target = sharedView(args[0])
  return target === undefined ? native(from, ...args) : copyInto(target, from, native, args)
}

function copyInto(target: SharedView, from: unknown, native: Native, [, at, start, end]: unknown[]): unknown {
  const bytes = NativeBuffer.alloc(target.byteLength)
  const count = native(from, bytes, at, start, end) as number
  const to = toInteger(at)
  writeBytes(target, to, copyOut(bytes, to, count), pieceSize(count, 1))
  return count
}

const refuseMethod: SharedMethod = (view, native, args, name) => {
  watcher()?.refuse(`Buffer.prototype.${name} on shared memory is not supported: copy the bytes first.`)
  return native(view.raw, ...args)
}

function withoutProxy(value: unknown): unknown {
  const view = sharedView(value)
  return view === undefined ? value : standIn(view)
}

function replaceCodecs(patches: Patches): void {
  const decode = Reflect.get(TextDecoder.prototype, 'decode') as Method
  patches.replace(TextDecoder.prototype, 'decode', function (this: unknown, ...args: unknown[]): unknown {
    if (isUnseenView(args[0])) refuseUnseen()
    const view = isSharedBuffer(args[0]) ? bytesView(args[0]) : sharedView(args[0])
    if (view === undefined) return decode.apply(this, args)
    return decode.call(this, readBytes(view, 0, view.byteLength, pieceSize(view.byteLength, 1)), args[1])
  })
  const encodeInto = Reflect.get(TextEncoder.prototype, 'encodeInto') as Method
  patches.replace(TextEncoder.prototype, 'encodeInto', function (this: unknown, text: unknown, into: unknown): unknown {
    if (isUnseenView(into)) refuseUnseen()
    const view = sharedView(into)
    if (view === undefined) return encodeInto.call(this, text, into)
    const bytes = new NativeUint8Array(view.length)
    const done = encodeInto.call(this, text, bytes) as { written: number }
    writeBytes(view, 0, copyOut(bytes, 0, done.written), pieceSize(done.written, 1))
    return done
  })
}
