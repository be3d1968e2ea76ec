/**
 * A view of shared memory as code under test sees it: a Proxy, so that plain element accesses are seen too. This file
 * knows which proxy stands for which real view, and nothing about who is told.
 */
import { isSharedBuffer, isView, NativeUint8Array } from './native.ts'

export interface SharedView {
  readonly proxy: object
  /** The real view: a typed array, or a DataView. */
  readonly raw: ArrayBufferView
  /** Bytes an element; 1 for a DataView. */
  readonly width: number
  /** How many elements. */
  readonly length: number
  /** Whether its elements are BigInts. */
  readonly big: boolean
  /** Whether Atomics takes it: no floats, no clamped bytes, no DataView. */
  readonly atomic: boolean
  /** Whether Atomics.wait takes it. */
  readonly waitable: boolean
  /** Address of its first byte, valid in the exploration numbered `epoch`. */
  at: number
  epoch: number
  /** The same memory byte by byte, made when first asked for. */
  bytes: Uint8Array | undefined
}

/** Stands for no view at all: what an access to something else than shared memory has. */
export const NO_VIEW: SharedView = {
  proxy: {},
  raw: new NativeUint8Array(0),
  width: 0,
  length: 0,
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

/** The shared view that a proxy stands for; undefined for everything else. */
export function sharedView(value: unknown): SharedView | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  // Actors mostly ask for the same view again: a WeakMap look-up costs more than all the rest of an access.
  if (value === lastProxy) return lastView
  const view = views.get(value)
  if (view === undefined) return undefined
  lastProxy = value
  lastView = view
  return view
}

export function register(view: SharedView): void {
  views.set(view.proxy, view)
}

export function bytesOf(view: SharedView): Uint8Array {
  view.bytes ??= new NativeUint8Array(view.raw.buffer, view.raw.byteOffset, view.raw.byteLength)
  return view.bytes
}

/** Shared buffers that are copies of the explorer's own: what native functions do with them is no access. */
const copies = new WeakSet<object>()

export function registerCopy(buffer: SharedArrayBuffer): void {
  copies.add(buffer)
}

export function isCopy(buffer: object): boolean {
  return copies.has(buffer)
}

/** Whether a value is a view of shared memory that is not a proxy: element accesses on it would go unseen. */
export function isUnseenView(value: unknown): value is ArrayBufferView {
  return isView(value) && isSharedBuffer(value.buffer) && !copies.has(value.buffer)
}
