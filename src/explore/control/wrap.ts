/**
 * Makes the proxies: element reads and writes become accesses, everything else goes to the real view.
 */
import { Kind } from '../access.ts'
import { installedController, watcher } from './controller.ts'
import { noteMark } from './marks.ts'
import { constructorOf, NativeDataView } from './native.ts'
import { register } from './shared-view.ts'
import type { Elements, Operand, SharedView } from './shared-view.ts'

/** The proxy that stands for a real view of shared memory from now on. */
export function wrap(raw: ArrayBufferView): object {
  const handler = raw instanceof NativeDataView ? new Handler() : new ElementsHandler()
  const view = describe(raw, new Proxy(raw, handler))
  handler.view = view
  register(view)
  return view.proxy
}

function describe(raw: ArrayBufferView, proxy: object): SharedView {
  const common = { proxy, raw, at: 0, epoch: -1, bytes: undefined }
  if (raw instanceof NativeDataView) {
    return { ...common, width: 1, length: raw.byteLength, big: false, atomic: false, waitable: false }
  }
  const constructor = constructorOf(raw)
  const { name, BYTES_PER_ELEMENT: width } = constructor
  return {
    ...common,
    width,
    length: (raw as Elements).length,
    big: name.startsWith('Big'),
    atomic: !name.startsWith('Float') && name !== 'Uint8ClampedArray',
    waitable: name === 'Int32Array' || name === 'BigInt64Array',
  }
}

/** A DataView has no elements. Its getters only work on the real view; its methods are replaced ones, and know proxies. */
class Handler implements ProxyHandler<ArrayBufferView> {
  view: SharedView | undefined

  get(raw: ArrayBufferView, key: string | symbol): unknown {
    return Reflect.get(raw, key, raw)
  }

  set(raw: ArrayBufferView, key: string | symbol, value: unknown): boolean {
    noteMark(raw, key)
    return Reflect.set(raw, key, value)
  }

  defineProperty(raw: ArrayBufferView, key: string | symbol, descriptor: PropertyDescriptor): boolean {
    noteMark(raw, key)
    return Reflect.defineProperty(raw, key, descriptor)
  }

  deleteProperty(raw: ArrayBufferView, key: string | symbol): boolean {
    noteMark(raw, key)
    return Reflect.deleteProperty(raw, key)
  }

  setPrototypeOf(raw: ArrayBufferView, prototype: object | null): boolean {
    noteMark(raw)
    return Reflect.setPrototypeOf(raw, prototype)
  }
}

class ElementsHandler extends Handler {
  override get(raw: ArrayBufferView, key: string | symbol): unknown {
    const index = elementIndex(key)
    return index === undefined ? Reflect.get(raw, key, raw) : this.#read(raw, index)
  }

  override set(raw: ArrayBufferView, key: string | symbol, value: unknown): boolean {
    const index = elementIndex(key)
    const controller = installedController()
    if (index === undefined || controller === undefined) return super.set(raw, key, value)
    if (!this.#holds(index)) return Reflect.set(raw, key, value)
    const view = this.view as SharedView
    controller.access(Kind.WRITE, view, index, toElement(view, value), undefined)
    return true
  }

  getOwnPropertyDescriptor(raw: ArrayBufferView, key: string | symbol): PropertyDescriptor | undefined {
    const found = Reflect.getOwnPropertyDescriptor(raw, key)
    const index = elementIndex(key)
    if (found !== undefined && index !== undefined) found.value = this.#read(raw, index)
    return found
  }

  override defineProperty(raw: ArrayBufferView, key: string | symbol, descriptor: PropertyDescriptor): boolean {
    if (elementIndex(key) !== undefined) {
      watcher()?.refuse(
        'Object.defineProperty on an element of shared memory is not controlled: assign to the element.',
      )
    }
    return super.defineProperty(raw, key, descriptor)
  }

  #holds(index: number): boolean {
    return this.view !== undefined && index < this.view.length
  }

  #read(raw: ArrayBufferView, index: number): unknown {
    const controller = installedController()
    if (controller === undefined || !this.#holds(index)) return Reflect.get(raw, index, raw)
    return controller.access(Kind.READ, this.view as SharedView, index, undefined, undefined)
  }
}

/** The element that a property key names. Other numeric keys ("1.5", "-0") name none: the real view answers them. */
function elementIndex(key: string | symbol): number | undefined {
  if (typeof key === 'symbol') return undefined
  const first = key.charCodeAt(0)
  if (!(first >= 48 && first <= 57)) return undefined
  const index = Number(key)
  return Number.isSafeInteger(index) && String(index) === key ? index : undefined
}

/** Converts before the access, as the language does: the conversion may run code and throw. */
export function toElement(view: SharedView, value: unknown): Operand {
  if (!view.big) {
    // Number(5n) would pass where assigning 5n throws.
    if (typeof value === 'bigint') throw new TypeError('Cannot convert a BigInt value to a number')
    return Number(value)
  }
  // BigInt(5) would pass where assigning 5 throws.
  if (typeof value === 'number') throw new TypeError(`Cannot convert ${value} to a BigInt`)
  return BigInt(value as string)
}
