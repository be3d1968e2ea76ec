/**
 * The globals as they were before any was replaced. The explorer itself uses only these.
 */
import { types } from 'node:util'
import type { Elements, Operand } from './elements.ts'

type View = ArrayBufferView

/** Atomics, typed for any view. The caller has checked that Atomics takes the view. */
interface NativeAtomics {
  load(view: View, index: number): Operand
  store(view: View, index: number, value: Operand): Operand
  add(view: View, index: number, value: Operand): Operand
  sub(view: View, index: number, value: Operand): Operand
  and(view: View, index: number, value: Operand): Operand
  or(view: View, index: number, value: Operand): Operand
  xor(view: View, index: number, value: Operand): Operand
  exchange(view: View, index: number, value: Operand): Operand
  compareExchange(view: View, index: number, expected: Operand, replacement: Operand): Operand
  wait(view: View, index: number, value: Operand, timeout?: number): string
  notify(view: View, index: number, count?: number): number
  waitAsync(view: View, ...args: readonly unknown[]): unknown
}

export const nativeAtomics = { ...describeAtomics() } as NativeAtomics

/** The methods of Atomics are not enumerable. */
function describeAtomics(): object {
  return Object.fromEntries(
    Object.getOwnPropertyNames(Atomics).map((name) => [name, Reflect.get(Atomics, name) as unknown]),
  )
}

export const NativeSharedArrayBuffer = SharedArrayBuffer
export const NativeArrayBuffer = ArrayBuffer
export const NativeUint8Array = Uint8Array
export const NativeDataView = DataView
export const NativeBuffer = Buffer
const { isSharedArrayBuffer } = types
export const isView = ArrayBuffer.isView.bind(ArrayBuffer)
export const nativeNow = performance.now.bind(performance)

type Class = new (...args: never[]) => object

/** WebAssembly as a value. The types of Node declare it only as a namespace of types. */
export const NativeWebAssembly = Reflect.get(globalThis, 'WebAssembly') as Readonly<
  Record<'Module' | 'Instance' | 'Memory' | 'Table', Class & { readonly prototype: object }>
>
const NativeMemory = NativeWebAssembly.Memory

/** Whether a value is a memory of WebAssembly. */
export function isWebAssemblyMemory(value: unknown): value is { readonly buffer: ArrayBufferLike } {
  return value instanceof NativeMemory
}

/** Whether a value is a shared buffer of any realm. For a buffer of this realm the check is faster. */
export function isSharedBuffer(value: unknown): value is SharedArrayBuffer {
  if (value instanceof NativeSharedArrayBuffer) return true
  return !(value instanceof NativeArrayBuffer) && isSharedArrayBuffer(value)
}

export const typedArrayPrototype = Object.getPrototypeOf(Int32Array.prototype) as object

/** A typed-array constructor. */
export interface ElementsConstructor {
  new (buffer: ArrayBufferLike | number, at?: number, length?: number): Elements
  readonly BYTES_PER_ELEMENT: number
  readonly prototype: Elements
  readonly name: string
}

/** Every typed-array constructor of this runtime, by name. Float16Array exists from Node 24 on. */
export const elementConstructors: ReadonlyMap<string, ElementsConstructor> = new Map(
  [
    'Int8Array',
    'Uint8Array',
    'Uint8ClampedArray',
    'Int16Array',
    'Uint16Array',
    'Int32Array',
    'Uint32Array',
    'Float16Array',
    'Float32Array',
    'Float64Array',
    'BigInt64Array',
    'BigUint64Array',
  ]
    .filter((name) => name in globalThis)
    .map((name) => [name, Reflect.get(globalThis, name) as ElementsConstructor]),
)

const tag = Object.getOwnPropertyDescriptor(typedArrayPrototype, Symbol.toStringTag)

/** Returns the constructor for the element type of a typed array, also if the array was made by a subclass. */
export function constructorOf(view: ArrayBufferView): ElementsConstructor {
  const name = tag?.get?.call(view) as string
  const found = elementConstructors.get(name)
  if (found === undefined) throw new TypeError(`${name} is not a typed array`)
  return found
}

type Slot = 'buffer' | 'byteOffset' | 'byteLength' | 'length'

function gettersOf(prototype: object, names: readonly Slot[]): Readonly<Record<Slot, (this: View) => unknown>> {
  const getters = names.map((name) => [name, Object.getOwnPropertyDescriptor(prototype, name)?.get])
  return Object.fromEntries(getters) as Record<Slot, (this: View) => unknown>
}

const ofElements = gettersOf(typedArrayPrototype, ['buffer', 'byteOffset', 'byteLength', 'length'])
const ofDataView = gettersOf(NativeDataView.prototype, ['buffer', 'byteOffset', 'byteLength'])

/**
 * Where a view is and how large it is, as the language has it. A getter of a subclass may return something else, which
 * has no effect on accesses.
 */
export interface Extent {
  readonly buffer: ArrayBufferLike
  readonly byteOffset: number
  readonly byteLength: number
  /** The number of elements; for a DataView, the number of bytes. */
  readonly length: number
}

/** Returns the buffer of a view, by the original getter of the language. */
export function bufferOf(view: View): ArrayBufferLike {
  return (isDataView(view) ? ofDataView : ofElements).buffer.call(view) as ArrayBufferLike
}

/** Returns the extent of a view, by the original getters of the language. */
export function extentOf(view: View): Extent {
  const getters = isDataView(view) ? ofDataView : ofElements
  return {
    buffer: getters.buffer.call(view) as ArrayBufferLike,
    byteOffset: getters.byteOffset.call(view) as number,
    byteLength: getters.byteLength.call(view) as number,
    length: (getters.length ?? getters.byteLength).call(view) as number,
  }
}

/** Whether a view is a DataView. */
export function isDataView(view: View): boolean {
  return tag?.get?.call(view) === undefined
}

/**
 * Returns a private copy of `length` bytes from the offset `from`. The copy is made in a plain loop, since the methods
 * of typed arrays are replaced during an exploration.
 */
export function copyOut(bytes: Uint8Array, from: number, length: number): Uint8Array<ArrayBuffer> {
  const copy = new NativeUint8Array(length)
  for (let index = 0; index < length; index++) copy[index] = bytes[from + index] ?? 0
  return copy
}

/** Copies all of `source` into `bytes`, from the offset `at` on. */
export function copyIn(bytes: Uint8Array, at: number, source: Uint8Array): void {
  for (let index = 0; index < source.length; index++) bytes[at + index] = source[index] ?? 0
}
