/**
 * The methods of typed arrays, replaced for views of shared memory. What moves runs of elements is carried out in pieces;
 * the rest is Array's own generic method, which asks the proxy for one element after another.
 */
import { isUnseenView, sharedView } from './shared-view.ts'
import type { Elements, SharedView } from './shared-view.ts'
import { refuseUnseen } from './atomics.ts'
import { privateCopy } from './constructors.ts'
import { toElement } from './convert.ts'
import { constructorOf, typedArrayPrototype } from './native.ts'
import type { Patches } from './patch.ts'
import { pieceSize, readBytes, writeBytes } from './ranges.ts'
import { wrap } from './wrap.ts'

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
      if (isUnseenView(this)) refuseUnseen()
      return (native as Method).apply(this, args)
    })
  }
}

const moving = new Map<string | symbol, SharedMethod>([
  ['fill', fill],
  ['set', set],
  ['slice', slice],
  ['copyWithin', copyWithin],
  ['subarray', subarray],
  ['sort', (view, compare): unknown => Array.prototype.sort.call(view.proxy, (compare ?? ascending) as never)],
  ['toSorted', (view, compare): unknown => onCopy(view, 'sort', [compare])],
  ['toReversed', (view): unknown => onCopy(view, 'reverse', [])],
  ['map', (view, ...args): unknown => onCopy(view, 'map', args)],
  ['filter', (view, ...args): unknown => onCopy(view, 'filter', args)],
  ['with', (view, ...args): unknown => onCopy(view, 'with', args)],
  // Array's own join answers '' when it is called for an array that is being joined, and runs of an actor do nest.
  ['join', (view, ...args): unknown => onCopy(view, 'join', args)],
  ['toString', (view): unknown => onCopy(view, 'join', [])],
  ['toLocaleString', (view, ...args): unknown => onCopy(view, 'toLocaleString', args)],
])

function ascending(a: number, b: number): number {
  return a < b ? -1 : Number(a > b)
}

/** For methods that give a new array of the same kind: their own work happens on a private copy. */
function onCopy(view: SharedView, method: string, args: unknown[]): unknown {
  const copy = privateCopy(view)
  return (Reflect.get(copy, method) as Method).apply(copy, args)
}

function generic(key: string | symbol): SharedMethod {
  const method = Reflect.get(Array.prototype, key) as Method
  return (view, ...args) => method.apply(view.proxy, args)
}

/** A relative index as all array methods take it. */
function clamp(view: SharedView, value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise
  const index = Math.trunc(Number(value)) || 0
  return index < 0 ? Math.max(view.length + index, 0) : Math.min(index, view.length)
}

function piece(view: SharedView, elements: number): number {
  return pieceSize(elements * view.width, view.width)
}

function fill(view: SharedView, value: unknown, start: unknown, end: unknown): object {
  const element = toElement(view, value)
  const from = clamp(view, start, 0)
  const count = Math.max(clamp(view, end, view.length) - from, 0)
  const filled = new (constructorOf(view.raw))(count)
  for (let index = 0; index < count; index++) filled[index] = element as number
  writeBytes(view, from * view.width, new Uint8Array(filled.buffer), piece(view, count))
  return view.proxy
}

function set(view: SharedView, source: unknown, offset: unknown = 0): void {
  const at = Math.trunc(Number(offset)) || 0
  const shared = sharedView(source)
  const values = (shared === undefined ? source : privateCopy(shared)) as ArrayLike<unknown>
  const count = values.length
  if (at < 0 || at + count > view.length) throw new RangeError('offset is out of bounds')
  const converted = new (constructorOf(view.raw))(count)
  for (let index = 0; index < count; index++) converted[index] = toElement(view, values[index]) as number
  writeBytes(view, at * view.width, new Uint8Array(converted.buffer), piece(view, count))
}

function slice(view: SharedView, start: unknown, end: unknown): Elements {
  const from = clamp(view, start, 0)
  const count = Math.max(clamp(view, end, view.length) - from, 0)
  const bytes = readBytes(view, from * view.width, count * view.width, piece(view, count))
  return new (constructorOf(view.raw))(bytes.buffer)
}

function copyWithin(view: SharedView, target: unknown, start: unknown, end: unknown): object {
  const to = clamp(view, target, 0)
  const from = clamp(view, start, 0)
  const count = Math.max(Math.min(clamp(view, end, view.length) - from, view.length - to), 0)
  const bytes = readBytes(view, from * view.width, count * view.width, piece(view, count))
  writeBytes(view, to * view.width, bytes, piece(view, count))
  return view.proxy
}

function subarray(view: SharedView, start: unknown, end: unknown): object {
  const from = clamp(view, start, 0)
  const count = Math.max(clamp(view, end, view.length) - from, 0)
  const { buffer, byteOffset } = view.raw
  return wrap(new (constructorOf(view.raw))(buffer, byteOffset + from * view.width, count))
}
