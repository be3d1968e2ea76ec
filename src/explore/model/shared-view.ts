/**
 * A view of shared memory as the code under test sees it. It is a Proxy, so that the explorer also sees plain element
 * accesses. This file records the real view behind each proxy. It does not know the controller that is told of the
 * accesses.
 */
import { bufferOf, isSharedBuffer, isView, NativeArrayBuffer, NativeUint8Array } from './native.ts'

/** A view of shared memory: its proxy, the real view, and what every access needs to know of it. */
export interface SharedView {
  readonly proxy: object
  /** The real view: a typed array, or a DataView. */
  readonly raw: ArrayBufferView
  /** Bytes an element; 1 for a DataView. */
  readonly width: number
  /** The number of elements. */
  readonly length: number
  readonly buffer: ArrayBufferLike
  /** Where the view begins in the buffer, in bytes. */
  readonly byteOffset: number
  /** The size of the view in bytes. */
  readonly byteLength: number
  /** Whether the elements are BigInts. */
  readonly big: boolean
  /** Whether Atomics takes the view: it has no floats and no clamped bytes, and is no DataView. */
  readonly atomic: boolean
  /** Whether Atomics.wait takes the view. */
  readonly waitable: boolean
  /** The address of the first byte, valid in the exploration numbered `epoch`. */
  at: number
  epoch: number
  /** A Uint8Array over the view's bytes. `bytesOf` makes it when it is first called. */
  bytes: Uint8Array | undefined
}

/** Stands for the missing view of an access that is not to shared memory. */
export const NO_VIEW: SharedView = {
  proxy: {},
  raw: new NativeUint8Array(0),
  width: 0,
  length: 0,
  buffer: new NativeArrayBuffer(0),
  byteOffset: 0,
  byteLength: 0,
  big: false,
  atomic: false,
  waitable: false,
  at: -1,
  epoch: -1,
  bytes: undefined,
}

const views = new WeakMap<object, SharedView>()
let lastProxy: object | undefined
let lastView: SharedView | undefined

/** Returns the shared view that a proxy stands for; undefined for any other value. */
export function sharedView(value: unknown): SharedView | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  // Actors mostly ask for the view that they asked for last. A WeakMap look-up costs more than all the rest of an
  // access.
  if (value === lastProxy) return lastView
  const view = views.get(value)
  if (view === undefined) return undefined
  lastProxy = value
  lastView = view
  return view
}

/** Records which view a proxy stands for. */
export function register(view: SharedView): void {
  views.set(view.proxy, view)
}

/** Returns a Uint8Array over the bytes of a view. */
export function bytesOf(view: SharedView): Uint8Array {
  view.bytes ??= new NativeUint8Array(view.buffer, view.byteOffset, view.byteLength)
  return view.bytes
}

/** Shared buffers that the explorer made as copies. What native functions do with them is not an access. */
const copies = new WeakSet<object>()

/** Records that the explorer made a shared buffer as a copy. */
export function registerCopy(buffer: SharedArrayBuffer): void {
  copies.add(buffer)
}

/** Whether the explorer made a shared buffer as a copy. */
export function isCopy(buffer: object): boolean {
  return copies.has(buffer)
}

/**
 * Whether a value is a view of shared memory that is neither a proxy nor a view of a copy that the explorer made. The
 * explorer does not see element accesses on such a view.
 */
export function isUnseenView(value: unknown): value is ArrayBufferView {
  if (!isView(value)) return false
  const buffer = bufferOf(value)
  return isSharedBuffer(buffer) && !copies.has(buffer)
}
