/**
 * What memory() returned, as each actor gets it. Shared buffers and views of them are shared. Everything else is copied
 * for each run, as it would be if it were sent to a worker thread, and the copy is discarded when the run ends.
 */
import { types } from 'node:util'
import { wipeMarks } from '../globals/marks.ts'
import {
  bufferOf,
  constructorOf,
  isSharedBuffer,
  isView,
  NativeDataView,
  NativeSharedArrayBuffer,
  NativeUint8Array,
} from '../model/native.ts'
import { isUnseenView, sharedView } from '../model/shared-view.ts'
import type { SharedView } from '../model/shared-view.ts'
import { wrap } from '../globals/wrap.ts'
import { copierOf, copyOf, isLeaf, isPlain } from './copier.ts'
import { Refusal } from '../model/refusal.ts'

/**
 * A view in the memory value, and its path there, such as `words` or `tables[0].heads`; empty for a view on its own.
 */
export interface ViewPath {
  readonly path: string
  readonly view: SharedView
}

type Change = (leaf: object, path: string) => unknown

export class MemoryValue {
  readonly paths: ViewPath[] = []
  /** The shared buffers in the order of the memory value, which does not depend on which actor uses one first. */
  readonly buffers: SharedArrayBuffer[] = []
  readonly #copy: () => unknown
  readonly #original: unknown

  constructor(value: unknown) {
    // Copied now, because the scenario's module may keep what it returned and change it later.
    this.#original = copyOf(rebuilt(value, (leaf, path) => this.#seen(leaf, path)))
    this.#copy = copierOf(this.#original)
  }

  /**
   * Returns the value for one run, with a proxy for each view of shared memory. If all of it is shared, nothing is
   * copied.
   */
  readonly fresh = (): unknown => {
    wipeMarks()
    return this.#copy()
  }

  /** Returns the value with real views instead of proxies, because a proxy cannot be sent to a worker. */
  raw(): unknown {
    return rebuilt(this.#original, (leaf) => sharedView(leaf)?.raw ?? leaf)
  }

  /**
   * Returns a function that returns a copy of the value in which each shared buffer is a new one with the same contents, and
   * those new buffers. The views of a copy are real ones, as in `raw`.
   */
  duplicator(): () => { readonly value: unknown; readonly buffers: readonly SharedArrayBuffer[] } {
    // Without proxies: each question to a proxy costs as much as the rest of a copy.
    const original = this.raw()
    return () => {
      const copies = new Map<ArrayBufferLike, SharedArrayBuffer>()
      const copied = (buffer: SharedArrayBuffer): SharedArrayBuffer => {
        const copy = copies.get(buffer) ?? copyOfShared(buffer)
        copies.set(buffer, copy)
        return copy
      }
      const value = rebuilt(original, (leaf) => {
        if (leaf instanceof NativeSharedArrayBuffer) return copied(leaf)
        const buffer = isView(leaf) ? bufferOf(leaf) : undefined
        return isSharedBuffer(buffer) ? viewOver(copied(buffer), leaf as ArrayBufferView) : leaf
      })
      return { value, buffers: [...copies.values()] }
    }
  }

  #seen(leaf: object, path: string): unknown {
    if (leaf instanceof NativeSharedArrayBuffer) {
      this.buffers.push(leaf)
      return leaf
    }
    const proxy = isUnseenView(leaf) ? wrap(leaf) : leaf
    const view = sharedView(proxy)
    if (view === undefined) return leaf
    this.paths.push({ path, view })
    this.buffers.push(view.buffer as SharedArrayBuffer)
    return proxy
  }
}

function copyOfShared(buffer: SharedArrayBuffer): SharedArrayBuffer {
  const copy = new NativeSharedArrayBuffer(buffer.byteLength)
  new NativeUint8Array(copy).set(new NativeUint8Array(buffer))
  return copy
}

/** Returns a view of another buffer, of the same kind and at the same place. */
function viewOver(buffer: SharedArrayBuffer, view: ArrayBufferView): ArrayBufferView {
  const { byteOffset, byteLength } = view
  if (view instanceof NativeDataView) return new NativeDataView(buffer, byteOffset, byteLength)
  const Elements = constructorOf(view)
  return new Elements(buffer, byteOffset, byteLength / Elements.BYTES_PER_ELEMENT)
}

/**
 * Returns a copy of `value` in which each leaf is what `change` returns for it. An object that occurs twice in `value`
 * occurs twice in the copy.
 */
function rebuilt(value: unknown, change: Change, path = '', made: Map<object, unknown> = new Map()): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw refusal(`a ${typeof value}`, path, CANNOT_GO)
  if (typeof value !== 'object' || value === null) return value
  if (made.has(value)) return made.get(value)
  const keep = <Kind>(copy: Kind): Kind => {
    made.set(value, copy)
    return copy
  }
  const part = (of: unknown, at: string): unknown => rebuilt(of, change, at, made)
  if (value instanceof NativeSharedArrayBuffer || sharedView(value) !== undefined || isLeaf(value)) {
    return keep(change(value, path))
  }
  if (Array.isArray(value)) {
    const copy = keep<unknown[]>([])
    for (const [index, each] of value.entries()) copy.push(part(each, `${path}[${index}]`))
    return copy
  }
  if (value instanceof Map) {
    const copy = keep(new Map<unknown, unknown>())
    for (const [key, each] of value) copy.set(part(key, `${path} keys`), part(each, `${path}.${String(key)}`))
    return copy
  }
  if (value instanceof Set) {
    const copy = keep(new Set())
    for (const each of value) copy.add(part(each, path))
    return copy
  }
  if (!isPlain(value)) throw refusalOf(value, path)
  const copy = keep({})
  for (const [key, each] of Object.entries(value)) {
    // An assignment to the key "__proto__" would set the prototype instead.
    Reflect.defineProperty(copy, key, { ...OWN, value: part(each, path === '' ? key : `${path}.${key}`) })
  }
  return copy
}

const OWN = { writable: true, enumerable: true, configurable: true }
const CANNOT_GO =
  'it cannot be sent to a worker. Return only data and shared memory, and let the actors close over the rest.'

/** What to do instead, by the class of what was returned. */
const INSTEAD = new Map([
  [
    'MessagePort',
    'messages are not shared memory, and the explorer cannot order them. Let the actors talk through shared words.',
  ],
  [
    'WebAssembly.Memory',
    'the explorer sees shared memory only through views. Return its buffer, made with `shared: true`, or views of that.',
  ],
  [
    'WebAssembly.Module',
    'the explorer does not see what WebAssembly does to memory. Write the actors in JavaScript over shared words.',
  ],
  ['Promise', 'memory() is synchronous. Await what it needs before the exploration, at the top of the module.'],
])

function refusalOf(value: object, path: string): Refusal {
  const tag = Object.prototype.toString.call(value).slice(8, -1)
  const name = types.isPromise(value) || 'then' in value ? 'Promise' : tag
  const instead = INSTEAD.get(name) ?? INSTEAD.get(nameOfClass(value))
  if (instead !== undefined) return refusal(`a ${INSTEAD.has(name) ? name : nameOfClass(value)}`, path, instead)
  return refusal(
    `an instance of ${nameOfClass(value)}`,
    path,
    'an instance loses its class when it is sent to a worker. Return its words, and build the instance in each actor.',
  )
}

/** Returns the name of the value's class, or its tag if the class has no name or the object no constructor. */
function nameOfClass(value: object): string {
  const { constructor } = value as { constructor?: unknown }
  return (typeof constructor === 'function' && constructor.name) || Object.prototype.toString.call(value).slice(8, -1)
}

function refusal(what: string, path: string, why: string): Refusal {
  return new Refusal(`memory() returned ${what}${path === '' ? '' : ` at "${path}"`}: ${why}`)
}
