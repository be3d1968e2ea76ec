/**
 * Stand-ins: a native function gets one instead of a view of shared memory, since it could not use a proxy. A stand-in
 * is a private copy of the same class. Making it reads the memory in pieces, as the function would.
 */
import { refuseUnseen } from './atomics.ts'
import {
  constructorOf,
  copyIn,
  isDataView,
  isSharedBuffer,
  isView,
  NativeArrayBuffer,
  NativeDataView,
  NativeSharedArrayBuffer,
  NativeUint8Array,
} from '../model/native.ts'
import { pieceSize, readBytes } from './ranges.ts'
import { isUnseenView, registerCopy, sharedView } from '../model/shared-view.ts'
import type { SharedView } from '../model/shared-view.ts'
import { elementIndex, wrap } from './wrap.ts'

/** Returns the stand-in for a view. Only the first `most` elements are read; the others are zero. */
export function standIn(view: SharedView, most: number = Infinity): ArrayBufferView {
  const { raw, width, byteLength } = view
  const read = Math.min(byteLength, most * width)
  const bytes = new NativeUint8Array(byteLength)
  copyIn(bytes, 0, readBytes(view, 0, read, pieceSize(read, width)))
  const copy = isDataView(raw) ? new NativeDataView(bytes.buffer) : new (constructorOf(raw))(bytes.buffer)
  dress(copy, raw)
  return copy
}

/** Gives a copy the class of the original, and the properties that code put on the original. */
export function dress(copy: object, original: object): void {
  const prototype = Reflect.getPrototypeOf(original)
  if (Reflect.getPrototypeOf(copy) !== prototype) Reflect.setPrototypeOf(copy, prototype)
  for (const key of Reflect.ownKeys(original)) {
    if (elementIndex(key) !== undefined) continue
    const described = Reflect.getOwnPropertyDescriptor(original, key)
    if (described !== undefined) Reflect.defineProperty(copy, key, described)
  }
}

/** Returns a stand-in for a shared buffer. Only the first `most` bytes are read; the others are zero. */
export function bufferStandIn(buffer: SharedArrayBuffer, most: number = Infinity): SharedArrayBuffer {
  const copy = new NativeSharedArrayBuffer(buffer.byteLength)
  registerCopy(copy)
  const length = Math.min(most, buffer.byteLength)
  copyIn(new NativeUint8Array(copy), 0, readBytes(bytesView(buffer), 0, length, pieceSize(length, 1)))
  return copy
}

/** Returns a view of all bytes of a buffer, whose accesses are seen. */
export function bytesView(buffer: SharedArrayBuffer): SharedView {
  return sharedView(wrap(new NativeUint8Array(buffer)))!
}

/** Returns the stand-in for shared memory; undefined for any other value. */
export function standInFor(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  const view = sharedView(value)
  if (view !== undefined) return standIn(view)
  if (isSharedBuffer(value)) return bufferStandIn(value)
  if (isUnseenView(value)) refuseUnseen()
  return undefined
}

/**
 * Returns a copy of the value in which `change` has replaced what is shared, at any depth; the value itself if nothing
 * in it is.
 */
export function changed(value: unknown, change: (shared: unknown) => unknown): unknown {
  return holdsShared(value, new Set()) ? rebuilt(value, change, new Map()) : value
}

/** Whether the value is shared memory, or contains some at any depth. */
export function holdsShared(value: unknown, seen: Set<unknown>): boolean {
  if (typeof value !== 'object' || value === null || seen.has(value)) return false
  seen.add(value)
  if (sharedView(value) !== undefined || isSharedBuffer(value) || isUnseenView(value)) return true
  if (!isContainer(value)) return false
  if (value instanceof Map)
    for (const [key, part] of value) if (holdsShared(key, seen) || holdsShared(part, seen)) return true
  if (value instanceof Set) for (const part of value) if (holdsShared(part, seen)) return true
  return Reflect.ownKeys(value).some((key) => holdsShared(Reflect.getOwnPropertyDescriptor(value, key)?.value, seen))
}

/** Whether the value has parts that can be copied. Other objects have internal state that cannot be. */
function isContainer(value: object): boolean {
  if (isView(value) || isSharedBuffer(value) || value instanceof NativeArrayBuffer || value instanceof Error)
    return false
  return !(value instanceof Date || value instanceof RegExp || value instanceof Promise || value instanceof WeakMap)
}

function rebuilt(value: unknown, change: (shared: unknown) => unknown, done: Map<unknown, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (done.has(value)) return done.get(value)
  const instead = change(value)
  if (instead !== undefined || !isContainer(value)) {
    done.set(value, instead ?? value)
    return instead ?? value
  }
  const copy = emptyLike(value)
  done.set(value, copy)
  fill(copy, value, (part) => rebuilt(part, change, done))
  return copy
}

function emptyLike(value: object): object {
  const copy: object = Array.isArray(value)
    ? []
    : value instanceof Map
      ? new Map()
      : value instanceof Set
        ? new Set()
        : {}
  Reflect.setPrototypeOf(copy, Reflect.getPrototypeOf(value))
  return copy
}

function fill(copy: object, value: object, change: (part: unknown) => unknown): void {
  if (value instanceof Map)
    for (const [key, part] of value) (copy as Map<unknown, unknown>).set(change(key), change(part))
  if (value instanceof Set) for (const part of value) (copy as Set<unknown>).add(change(part))
  for (const key of Reflect.ownKeys(value)) {
    const described = Reflect.getOwnPropertyDescriptor(value, key) as PropertyDescriptor
    if ('value' in described) described.value = change(described.value)
    Reflect.defineProperty(copy, key, described)
  }
}
