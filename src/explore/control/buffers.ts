/**
 * Buffer's methods and the text codecs, replaced for shared memory. Reading methods work on a private copy of the bytes
 * they read; writing ones on a private buffer, whose bytes are then written. Whatever else Buffer can do with shared
 * bytes is refused by name.
 */
import { refuseUnseen } from './atomics.ts'
import { privateCopy } from './constructors.ts'
import { watcher } from './controller.ts'
import { copyOut, NativeBuffer, NativeUint8Array } from './native.ts'
import type { Patches } from './patch.ts'
import { pieceSize, readBytes, writeBytes } from './ranges.ts'
import { isUnseenView, sharedView } from './shared-view.ts'
import type { SharedView } from './shared-view.ts'
import { wrap } from './wrap.ts'

type Method = (...args: unknown[]) => unknown
type Native = (buffer: unknown, ...args: unknown[]) => unknown
type SharedMethod = (view: SharedView, native: Native, args: unknown[], name: string) => unknown

export function replaceBufferMethods(patches: Patches): void {
  const prototype = NativeBuffer.prototype as object
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const native: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value
    if (typeof native !== 'function' || name === 'constructor') continue
    const shared = methodFor(name)
    const call: Native = (buffer, ...args) => (native as Method).apply(buffer, args)
    patches.replace(prototype, name, function (this: unknown, ...args: unknown[]): unknown {
      const view = sharedView(this)
      if (view !== undefined) return shared(view, call, args, name)
      if (isUnseenView(this)) refuseUnseen()
      return call(this, ...args)
    })
  }
  for (const name of ['concat', 'compare'] as const) replaceStatic(patches, name)
  replaceCodecs(patches)
}

function methodFor(name: string): SharedMethod {
  if (name.startsWith('read')) return readNumber
  if (/^write./.test(name)) return writeNumber
  if (name.endsWith('Slice')) return readText
  if (name === 'toString') return (view, native, args) => readText(view, native, [args[1], args[2]], name, args[0])
  if (name.endsWith('Write') || name === 'write' || name === 'fill') return writeText
  if (name === 'subarray' || name === 'slice') return part
  if (name === 'copy') return copy
  if (['equals', 'compare', 'indexOf', 'lastIndexOf', 'includes', 'toJSON'].includes(name)) return readAll
  return refuseMethod
}

/** The width in a name such as `readUInt32LE`; the last argument of `readIntBE(offset, byteLength)`. */
function numberSize(name: string, byteLength: unknown): number {
  if (/Float/.test(name)) return 4
  if (/Double/.test(name)) return 8
  const bits = /\d+/.exec(name)?.[0]
  return bits === undefined ? Number(byteLength) : Number(bits) / 8
}

const readNumber: SharedMethod = (view, native, args, name) => {
  const [offset = 0, byteLength] = args
  const size = numberSize(name, byteLength)
  // Out of range: an empty buffer makes the real method throw what it always throws.
  if (!fits(view, offset, size)) return native(NativeBuffer.alloc(0), ...args)
  const bytes = NativeBuffer.from(readBytes(view, offset as number, size, size).buffer)
  return native(bytes, 0, byteLength)
}

const writeNumber: SharedMethod = (view, native, args, name) => {
  const [value, offset = 0, byteLength] = args
  const size = numberSize(name, byteLength)
  if (!fits(view, offset, size)) return native(NativeBuffer.alloc(0), ...args)
  const bytes = new NativeUint8Array(size)
  native(NativeBuffer.from(bytes.buffer), value, 0, byteLength)
  writeBytes(view, offset as number, bytes, size)
  return (offset as number) + size
}

function fits(view: SharedView, offset: unknown, size: number): boolean {
  return Number.isSafeInteger(offset) && (offset as number) >= 0 && (offset as number) + size <= view.length
}

/** Methods that read from `start` to `end`, after an encoding if they take one. */
function readText(view: SharedView, native: Native, range: unknown[], _name: string, encoding?: unknown): unknown {
  const start = Math.min(Math.max(Math.trunc(Number(range[0] ?? 0)) || 0, 0), view.length)
  const end = Math.min(Math.max(Math.trunc(Number(range[1] ?? view.length)) || 0, start), view.length)
  const bytes = NativeBuffer.from(readBytes(view, start, end - start, pieceSize(end - start, 1)).buffer)
  return _name === 'toString' ? native(bytes, encoding) : native(bytes, 0, end - start)
}

/** Methods that write some run of bytes: carried out twice on private bytes to learn which bytes they write. */
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

/** Buffer's slice shares memory, as subarray does. */
const part: SharedMethod = (view, native, args) => wrap(native(view.raw, ...args) as ArrayBufferView)

const copy: SharedMethod = (view, native, args) => {
  const [target, at = 0, start, end] = args
  const from = NativeBuffer.from(readBytes(view, 0, view.length, pieceSize(view.length, 1)).buffer)
  const into = sharedView(target)
  if (into === undefined) return native(from, ...args)
  const bytes = NativeBuffer.alloc(Math.max(into.length - Number(at), 0))
  const count = native(from, bytes, 0, start, end) as number
  writeBytes(into, Number(at), copyOut(bytes, 0, count), pieceSize(count, 1))
  return count
}

const refuseMethod: SharedMethod = (view, native, args, name) => {
  watcher()?.refuse(`Buffer.prototype.${name} on shared memory is not controlled: copy the bytes first.`)
  return native(view.raw, ...args)
}

function withoutProxy(value: unknown): unknown {
  const view = sharedView(value)
  if (view !== undefined) return privateCopy(view)
  return Array.isArray(value) ? value.map(withoutProxy) : value
}

function replaceStatic(patches: Patches, name: 'concat' | 'compare'): void {
  const native = NativeBuffer[name].bind(NativeBuffer) as Method
  patches.replace(NativeBuffer, name, (...args: unknown[]) => native(...args.map(withoutProxy)))
}

function replaceCodecs(patches: Patches): void {
  const decode = Reflect.get(TextDecoder.prototype, 'decode') as Method
  patches.replace(TextDecoder.prototype, 'decode', function (this: unknown, ...args: unknown[]): unknown {
    if (isUnseenView(args[0])) refuseUnseen()
    const view = sharedView(args[0])
    if (view === undefined) return decode.apply(this, args)
    return decode.call(this, readBytes(view, 0, view.raw.byteLength, pieceSize(view.raw.byteLength, 1)), args[1])
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
