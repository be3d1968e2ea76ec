/**
 * Copies private data, once for each run, so that what an actor or a check does to its copy does not reach another run.
 * The structure of the value is examined once; each copy then costs little more than the allocation of its objects.
 */
import { types } from 'node:util'
import { constructorOf, isView, NativeDataView, NativeSharedArrayBuffer } from '../model/native.ts'
import { sharedView } from '../model/shared-view.ts'

/** The copies that one call has made so far, by their originals; undefined if no object occurs twice in the value. */
type Made = Map<object, unknown> | undefined
type Copy = (made: Made) => unknown

const nativeClone = structuredClone

/**
 * Returns a function that returns a new copy of `value` at each call. All copies have the same shared memory and the
 * same views of it. They also have the same functions and instances of classes, which cannot be copied.
 */
export function copierOf(value: unknown): () => unknown {
  if (typeof value !== 'object' || value === null) return () => value
  const compiler = new Compiler()
  const copy = compiler.compile(value)
  if (copy === undefined) return () => value
  return compiler.repeats ? () => copy(new Map()) : () => copy(undefined)
}

/** Returns one copy of `value`. For a value that is copied more than once, `copierOf` costs less. */
export function copyOf(value: unknown): unknown {
  return typeof value === 'object' ? copierOf(value)() : value
}

/** Whether `value` is an object literal, of this or another realm: it has no prototype, or one that has none itself. */
export function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** Whether `value` has no parts to copy separately, and can be sent to a worker as it is. */
export function isLeaf(value: object): boolean {
  if (value instanceof ArrayBuffer || isView(value)) return true
  return types.isDate(value) || types.isRegExp(value) || types.isNativeError(value) || types.isBoxedPrimitive(value)
}

class Compiler {
  /** Whether an object occurs twice in the value, or within itself. */
  repeats = false
  readonly #known = new Map<object, Copy>()

  /** Returns how to copy `value`; undefined if all copies may contain `value` itself. */
  compile(value: unknown): Copy | undefined {
    if (typeof value !== 'object' || value === null) return undefined
    if (value instanceof NativeSharedArrayBuffer || sharedView(value) !== undefined) return undefined
    const known = this.#known.get(value)
    if (known !== undefined) {
      this.repeats = true
      return known
    }
    if (Array.isArray(value)) return this.#container(value, () => value.slice(), this.#arrayParts)
    if (value instanceof Map) return this.#container(value, () => new Map(value), this.#mapParts)
    if (value instanceof Set) return this.#container(value, () => new Set(value), this.#setParts)
    if (isView(value)) return this.#container(value, this.#viewOf(value))
    if (isLeaf(value)) return this.#container(value, () => nativeClone(value))
    return isPlain(value) ? this.#container(value, () => ({ ...value }), this.#properties) : undefined
  }

  /** Makes a shallow copy with `shell`, and then replaces the parts that must be copied themselves. */
  #container<Kind extends object>(value: Kind, shell: Shell, parts?: (value: Kind) => Fill): Copy {
    let fill: Fill
    const copy: Copy = (made) => {
      const before = made?.get(value)
      if (before !== undefined) return before
      const result = shell(made)
      made?.set(value, result)
      fill?.(result, made)
      return result
    }
    this.#known.set(value, copy)
    fill = parts?.(value)
    return copy
  }

  readonly #arrayParts = (array: readonly unknown[]): Fill =>
    this.#keyed(array.map((part, index) => [String(index), part]))

  readonly #properties = (object: object): Fill => this.#keyed(Object.entries(object))

  #keyed(entries: readonly (readonly [string, unknown])[]): Fill {
    const parts = entries.flatMap(([key, part]): [string, Copy][] => {
      const copy = this.compile(part)
      return copy === undefined ? [] : [[key, copy]]
    })
    if (parts.length === 0) return undefined
    return (result, made) => {
      for (const [key, copy] of parts) Reflect.defineProperty(result, key, { ...OWN, value: copy(made) })
    }
  }

  readonly #mapParts = (map: ReadonlyMap<unknown, unknown>): Fill => {
    const entries = [...map].map(([key, part]) => [this.#always(key), this.#always(part)] as const)
    return (result, made) => {
      const copy = result as Map<unknown, unknown>
      copy.clear()
      for (const [key, part] of entries) copy.set(key(made), part(made))
    }
  }

  readonly #setParts = (set: ReadonlySet<unknown>): Fill => {
    const parts = [...set].map((part) => this.#always(part))
    return (result, made) => {
      const copy = result as Set<unknown>
      copy.clear()
      for (const part of parts) copy.add(part(made))
    }
  }

  #always(value: unknown): Copy {
    return this.compile(value) ?? (() => value)
  }

  /** Views of one private buffer become views of one buffer in the copy. */
  #viewOf(view: ArrayBufferView): Shell {
    const { byteOffset, byteLength } = view
    const buffer = this.#always(view.buffer) as (made: Made) => ArrayBuffer
    if (view instanceof NativeDataView) return (made) => new NativeDataView(buffer(made), byteOffset, byteLength)
    const Elements = constructorOf(view)
    const length = byteLength / Elements.BYTES_PER_ELEMENT
    return (made) => new Elements(buffer(made), byteOffset, length)
  }
}

type Shell = (made: Made) => object
type Fill = ((result: object, made: Made) => void) | undefined

const OWN = { writable: true, enumerable: true, configurable: true }
