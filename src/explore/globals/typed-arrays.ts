/**
 * The replacements of the methods of typed arrays, for views of shared memory. Methods that move runs of elements are
 * carried out in pieces. The others are the generic methods of Array, which ask the proxy for one element after
 * another.
 */
import { isUnseenView, sharedView } from '../model/shared-view.ts'
import type { SharedView } from '../model/shared-view.ts'
import type { Elements } from '../model/elements.ts'
import { refuseUnseen } from './atomics.ts'
import { privateCopy, proxied } from './constructors.ts'
import { toElement, toInteger, toRelativeIndex } from './convert.ts'
import { constructorOf, copyOut, isView, typedArrayPrototype } from '../model/native.ts'
import type { Patches } from './patch.ts'
import { pieceSize, readBytes, writeBytes } from './ranges.ts'
import { createLike } from './species.ts'

type Method = (...args: unknown[]) => unknown
type SharedMethod = (view: SharedView, ...args: unknown[]) => unknown

export function replaceTypedArrayMethods(patches: Patches): void {
  for (const key of Reflect.ownKeys(typedArrayPrototype)) {
    const native: unknown = Object.getOwnPropertyDescriptor(typedArrayPrototype, key)?.value
    if (typeof native !== 'function' || key === 'constructor') continue
    const shared = moving.get(key) ?? generic(key)
    patches.replace(typedArrayPrototype, key, function (this: unknown, ...args: unknown[]): unknown {
      const view = sharedView(this)
      if (view !== undefined) return shared(view, ...args)
      if (!isUnseenView(this)) return (native as Method).apply(this, args)
      refuseUnseen()
      // The array that a method returns is made as a proxy, which the native method would not take.
      return shared(sharedView(proxied(this))!, ...args)
    })
  }
}

const moving = new Map<string | symbol, SharedMethod>([
  ['fill', fill],
  ['set', set],
  ['slice', slice],
  ['copyWithin', copyWithin],
  ['subarray', subarray],
  ['sort', sort],
  ['map', map],
  ['filter', filter],
  ['toSorted', (view, compare): unknown => onCopy(view, 'toSorted', [compare])],
  ['toReversed', (view): unknown => onCopy(view, 'toReversed', [])],
  ['with', (view, ...args): unknown => onCopy(view, 'with', args)],
  // Array's own join returns '' if it is called for an array that is being joined. Runs of an actor nest, so this would
  // happen here.
  ['join', (view, ...args): unknown => onCopy(view, 'join', args)],
  ['toString', (view): unknown => (Reflect.get(view.proxy, 'join') as Method).call(view.proxy)],
  ['toLocaleString', (view, ...args): unknown => onCopy(view, 'toLocaleString', args)],
])

/** For methods that return a text or a new array of the original class: they work on a private copy. */
function onCopy(view: SharedView, method: string, args: unknown[]): unknown {
  return callOn(privateCopy(view), method, args)
}

/**
 * Lets the real method reject arguments by its own error: on an empty array, it rejects the same arguments and does
 * nothing else.
 */
function reject(view: SharedView, method: string, ...args: unknown[]): unknown {
  return callOn(new (constructorOf(view.raw))(0), method, args)
}

function callOn(array: ArrayBufferView, method: string, args: unknown[]): unknown {
  return (Reflect.get(array, method) as Method).apply(array, args)
}

function generic(key: string | symbol): SharedMethod {
  const method = Reflect.get(Array.prototype, key) as Method
  return (view, ...args) => method.apply(view.proxy, args)
}

function piece(view: SharedView, elements: number): number {
  return pieceSize(elements * view.width, view.width)
}

function fill(view: SharedView, value: unknown, start: unknown, end: unknown): object {
  const element = toElement(view, value)
  const from = toRelativeIndex(view.length, start, 0)
  const count = Math.max(toRelativeIndex(view.length, end, view.length) - from, 0)
  const filled = new (constructorOf(view.raw))(count)
  for (let index = 0; index < count; index++) filled[index] = element as number
  writeBytes(view, from * view.width, new Uint8Array(filled.buffer), piece(view, count))
  return view.proxy
}

function set(view: SharedView, source: unknown, offset: unknown): void {
  if (source === undefined || source === null) reject(view, 'set', source)
  const at = toInteger(offset)
  const shared = sharedView(source)
  const values = Object(shared === undefined ? source : privateCopy(shared)) as ArrayLike<unknown>
  const count = Math.max(toInteger(values.length), 0)
  if (at < 0 || at + count > view.length) throw new RangeError('offset is out of bounds')
  const converted = new (constructorOf(view.raw))(count)
  let done = 0
  try {
    if (isView(values)) callOn(converted, 'set', [values])
    else for (; done < count; done++) converted[done] = toElement(view, values[done]) as number
    done = count
  } finally {
    // Also where a value cannot be converted: those before it have been written by then.
    const bytes = copyOut(new Uint8Array(converted.buffer), 0, done * view.width)
    writeBytes(view, at * view.width, bytes, piece(view, count))
  }
}

function slice(view: SharedView, start: unknown, end: unknown): Elements {
  const from = toRelativeIndex(view.length, start, 0)
  const count = Math.max(toRelativeIndex(view.length, end, view.length) - from, 0)
  const result = createLike(view, count)
  const bytes = readBytes(view, from * view.width, count * view.width, piece(view, count))
  const elements = new (constructorOf(view.raw))(bytes.buffer)
  if (count > 0) callOn(result, 'set', [elements])
  return result
}

function copyWithin(view: SharedView, target: unknown, start: unknown, end: unknown): object {
  const to = toRelativeIndex(view.length, target, 0)
  const from = toRelativeIndex(view.length, start, 0)
  const last = toRelativeIndex(view.length, end, view.length)
  const count = Math.max(Math.min(last - from, view.length - to), 0)
  const bytes = readBytes(view, from * view.width, count * view.width, piece(view, count))
  writeBytes(view, to * view.width, bytes, piece(view, count))
  return view.proxy
}

function subarray(view: SharedView, start: unknown, end: unknown): object {
  const from = toRelativeIndex(view.length, start, 0)
  const count = Math.max(toRelativeIndex(view.length, end, view.length) - from, 0)
  const { buffer, byteOffset } = view
  return createLike(view, buffer, byteOffset + from * view.width, count)
}

/** Reads all elements, sorts them in a private copy, and writes them back, as the specification says. */
function sort(view: SharedView, compare: unknown): object {
  if (compare !== undefined && typeof compare !== 'function') reject(view, 'sort', compare)
  if (view.length < 2) return view.proxy
  const sorted = callOn(privateCopy(view), 'sort', [compare]) as Elements
  for (let index = 0; index < view.length; index++) Reflect.set(view.proxy, index, sorted[index])
  return view.proxy
}

function map(view: SharedView, callback: unknown, self: unknown): object {
  if (typeof callback !== 'function') reject(view, 'map', callback)
  const result = createLike(view, view.length)
  for (let index = 0; index < view.length; index++) {
    const element: unknown = Reflect.get(view.proxy, index)
    result[index] = Reflect.apply(callback as Method, self, [element, index, view.proxy]) as number
  }
  return result
}

function filter(view: SharedView, callback: unknown, self: unknown): object {
  if (typeof callback !== 'function') reject(view, 'filter', callback)
  const kept: unknown[] = []
  for (let index = 0; index < view.length; index++) {
    const element: unknown = Reflect.get(view.proxy, index)
    if (Reflect.apply(callback as Method, self, [element, index, view.proxy]) as boolean) kept.push(element)
  }
  const result = createLike(view, kept.length)
  for (const [index, element] of kept.entries()) result[index] = element as number
  return result
}
