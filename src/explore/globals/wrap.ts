/**
 * Makes the proxies. Element reads and writes become accesses; everything else goes to the real view. What a subclass
 * adds runs on the proxy, so that the explorer sees what it reads.
 */
import { Kind } from '../model/access.ts'
import { installedController } from './controller.ts'
import { toElement } from './convert.ts'
import { defineMark, deleteMark, noteMark, refuseLasting } from './marks.ts'
import {
  constructorOf,
  elementConstructors,
  extentOf,
  isDataView,
  NativeBuffer,
  NativeDataView,
} from '../model/native.ts'
import type { ElementsConstructor } from '../model/native.ts'
import { register } from '../model/shared-view.ts'
import type { SharedView } from '../model/shared-view.ts'

type Key = string | symbol

/** Makes a proxy for a real view of shared memory, and records which view it stands for. */
export function wrap(raw: ArrayBufferView): object {
  const intrinsic = intrinsicOf(raw)
  const handler = isDataView(raw) ? new Handler(intrinsic) : new ElementsHandler(intrinsic)
  const view = describe(raw, new Proxy(raw, handler))
  handler.view = view
  register(view)
  return view.proxy
}

function describe(raw: ArrayBufferView, proxy: object): SharedView {
  const { width, big, atomic, waitable } = isDataView(raw) ? BYTES : elementsOf.get(constructorOf(raw))!
  const { buffer, byteOffset, byteLength, length } = extentOf(raw)
  // One literal, not spread objects: views are made often, and code that reads them is faster if all have one shape.
  return {
    proxy,
    raw,
    width,
    length,
    buffer,
    byteOffset,
    byteLength,
    big,
    atomic,
    waitable,
    at: 0,
    epoch: -1,
    bytes: undefined,
  }
}

type ElementTraits = Pick<SharedView, 'width' | 'big' | 'atomic' | 'waitable'>

/** What a DataView has for elements. */
const BYTES: ElementTraits = { width: 1, big: false, atomic: false, waitable: false }

const elementsOf: ReadonlyMap<object, ElementTraits> = new Map(
  [...elementConstructors.values()].map((constructor) => [constructor, traitsOf(constructor)]),
)

function traitsOf({ name, BYTES_PER_ELEMENT: width }: ElementsConstructor): ElementTraits {
  return {
    width,
    big: name.startsWith('Big'),
    atomic: !name.startsWith('Float') && name !== 'Uint8ClampedArray',
    waitable: name === 'Int32Array' || name === 'BigInt64Array',
  }
}

/** The getters of the language, which work only on a real view. */
const INTRINSIC: ReadonlySet<Key> = new Set<Key>(['length', 'buffer', 'byteLength', 'byteOffset', Symbol.toStringTag])

const plainPrototypes: ReadonlySet<object> = new Set<object>([
  ...[...elementConstructors.values()].map(({ prototype }) => prototype),
  NativeDataView.prototype,
  NativeBuffer.prototype,
])

/** Returns those getters of INTRINSIC that the view has from the language. It or a subclass may replace one. */
function intrinsicOf(raw: ArrayBufferView): ReadonlySet<Key> {
  const own = new Set(INTRINSIC)
  for (let holder: object | null = raw; holder !== null && !plainPrototypes.has(holder); holder = prototypeOf(holder)) {
    for (const key of INTRINSIC) if (Object.hasOwn(holder, key)) own.delete(key)
  }
  return own.size === INTRINSIC.size ? INTRINSIC : own
}

function prototypeOf(value: object): object | null {
  return Reflect.getPrototypeOf(value)
}

/** The handler for a DataView, which has no elements. Its methods are replaced, and accept proxies. */
class Handler implements ProxyHandler<ArrayBufferView> {
  view: SharedView | undefined
  readonly #intrinsic: ReadonlySet<Key>
  /** Whether code has defined a property of this view, or given it another prototype: it may have another getter now. */
  #changed = false

  constructor(intrinsic: ReadonlySet<Key>) {
    this.#intrinsic = intrinsic
  }

  get(raw: ArrayBufferView, key: Key, receiver: unknown): unknown {
    const intrinsic = this.#changed ? intrinsicOf(raw) : this.#intrinsic
    return Reflect.get(raw, key, intrinsic.has(key) ? raw : receiver)
  }

  set(raw: ArrayBufferView, key: Key, value: unknown, receiver: unknown): boolean {
    return Reflect.set(raw, key, value, receiver)
  }

  defineProperty(raw: ArrayBufferView, key: Key, descriptor: PropertyDescriptor): boolean {
    this.#changed = true
    return defineMark(raw, key, descriptor)
  }

  deleteProperty(raw: ArrayBufferView, key: Key): boolean {
    return deleteMark(raw, key)
  }

  preventExtensions(raw: ArrayBufferView): boolean {
    refuseLasting('Object.preventExtensions was called with a view of shared memory')
    return Reflect.preventExtensions(raw)
  }

  setPrototypeOf(raw: ArrayBufferView, prototype: object | null): boolean {
    this.#changed = true
    noteMark(raw)
    return Reflect.setPrototypeOf(raw, prototype)
  }
}

/** The handler for a typed array. */
class ElementsHandler extends Handler {
  override get(raw: ArrayBufferView, key: Key, receiver: unknown): unknown {
    const index = elementIndex(key)
    return index === undefined ? super.get(raw, key, receiver) : this.#read(raw, index)
  }

  override set(raw: ArrayBufferView, key: Key, value: unknown, receiver: unknown): boolean {
    const index = elementIndex(key)
    if (index === undefined && !isNumeric(key)) return super.set(raw, key, value, receiver)
    // The view is a prototype of the receiver, or Reflect.set got another receiver: the language leaves this view alone.
    if (receiver !== this.view?.proxy) return Reflect.set(raw, key, value, receiver)
    // Out of bounds, the language converts the value and then drops it.
    return index === undefined || !this.#write(index, value) ? Reflect.set(raw, key, value) : true
  }

  /** As for all typed arrays: an element can be given a value, and stays writable, enumerable and configurable. */
  override defineProperty(raw: ArrayBufferView, key: Key, descriptor: PropertyDescriptor): boolean {
    const index = elementIndex(key)
    if (index === undefined) return isNumeric(key) ? false : super.defineProperty(raw, key, descriptor)
    const { configurable, enumerable, writable } = descriptor
    const fits = configurable !== false && enumerable !== false && writable !== false
    if (!fits || 'get' in descriptor || 'set' in descriptor || !this.#holds(index)) return false
    if (!('value' in descriptor)) return true
    return this.#write(index, descriptor.value) || Reflect.defineProperty(raw, key, descriptor)
  }

  override deleteProperty(raw: ArrayBufferView, key: Key): boolean {
    return isNumeric(key) ? Reflect.deleteProperty(raw, key) : super.deleteProperty(raw, key)
  }

  #holds(index: number): boolean {
    return this.view !== undefined && index < this.view.length
  }

  /** Writes an element. Returns false, and writes nothing, if there is no such element or no controller. */
  #write(index: number, value: unknown): boolean {
    const controller = installedController()
    if (controller === undefined || !this.#holds(index)) return false
    const view = this.view!
    controller.access(Kind.WRITE, view, index, toElement(view, value), undefined)
    return true
  }

  #read(raw: ArrayBufferView, index: number): unknown {
    const controller = installedController()
    if (controller === undefined || !this.#holds(index)) return Reflect.get(raw, index, raw)
    return controller.access(Kind.READ, this.view!, index, undefined, undefined)
  }
}

/**
 * Returns the index of the element that a property key names; undefined if it names none. Other numeric keys ("1.5",
 * "-0") name none: the real view answers them.
 */
export function elementIndex(key: Key): number | undefined {
  if (typeof key === 'symbol') return undefined
  const first = key.charCodeAt(0)
  if (!(first >= 48 && first <= 57)) return undefined
  const index = Number(key)
  return Number.isSafeInteger(index) && String(index) === key ? index : undefined
}

/** Whether a key is a number as text. A typed array has no properties of such names except its elements. */
function isNumeric(key: Key): boolean {
  return typeof key === 'string' && (key === '-0' || String(Number(key)) === key)
}
