/**
 * The replacements of the constructors of views and of shared buffers: a view of shared memory comes out as a proxy.
 * The prototypes stay the same objects, so `instanceof` and subclasses work as before.
 */
import { installedController, watcher } from './controller.ts'
import { toRelativeIndex } from './convert.ts'
import {
  constructorOf,
  elementConstructors,
  isSharedBuffer,
  isView,
  NativeBuffer,
  NativeDataView,
  NativeSharedArrayBuffer,
} from '../model/native.ts'
import type { Patches } from './patch.ts'
import { pieceSize, readBytes, writeBytes } from './ranges.ts'
import { isUnseenView, sharedView } from '../model/shared-view.ts'
import type { SharedView } from '../model/shared-view.ts'
import { bytesView } from './stand-ins.ts'
import { wrap } from './wrap.ts'

type Constructor = new (...args: never[]) => object

export function replaceConstructors(patches: Patches): void {
  for (const [name, native] of elementConstructors) replaceConstructor(patches, name, native, constructElements)
  replaceConstructor(patches, 'DataView', NativeDataView, constructView)
  replaceConstructor(patches, 'SharedArrayBuffer', NativeSharedArrayBuffer, constructBuffer)
  patches.replace(ArrayBuffer, 'isView', (value: unknown) => isView(value) || sharedView(value) !== undefined)
  const from = NativeBuffer.from.bind(NativeBuffer) as (...args: unknown[]) => Buffer
  patches.replace(NativeBuffer, 'from', (...args: unknown[]) => proxied(from(...args)))
  replaceSharedBufferMethods(patches)
}

type Construct = (native: Constructor, args: unknown[], newTarget: Constructor) => object

function replaceConstructor(patches: Patches, name: string, native: Constructor, construct: Construct): void {
  const replaced: Constructor = new Proxy(native, {
    construct: (_, args: unknown[], newTarget) =>
      construct(native, args, newTarget === replaced ? native : (newTarget as Constructor)),
  })
  patches.replace(globalThis, name, replaced)
  // `new words.constructor(buffer)` must call the replacement too.
  patches.replace(native.prototype as object, 'constructor', replaced)
}

/** Makes a typed array; a proxy if it is of shared memory. */
export function constructElements(native: Constructor, args: unknown[], newTarget: Constructor): object {
  const controller = newTarget === native ? watcher() : undefined
  const before = controller?.viewBefore?.(native, args)
  if (before !== undefined) return before
  const source = sharedView(args[0])
  // A typed array that is made from a shared view is a private copy. Its elements are read one after another.
  const rest = source === undefined ? args : [privateCopy(source)]
  const view = proxied(Reflect.construct(native, rest, newTarget) as ArrayBufferView)
  if (isSharedBuffer(args[0])) controller?.viewMade?.(native, args, view)
  return view
}

function constructView(native: Constructor, args: unknown[], newTarget: Constructor): object {
  return proxied(Reflect.construct(native, args, newTarget) as ArrayBufferView)
}

/** Returns a proxy if the view is of shared memory, else the view itself. */
export function proxied<View extends ArrayBufferView>(view: View): View {
  return installedController() !== undefined && isUnseenView(view) ? (wrap(view) as View) : view
}

/** Returns a typed array of the same class with the elements of a shared view, read one after another. */
export function privateCopy(view: SharedView): ArrayBufferView {
  const bytes = readBytes(view, 0, view.byteLength, view.width)
  return new (constructorOf(view.raw))(bytes.buffer)
}

/** Makes a shared buffer. A buffer that an actor makes is the same object each time that the actor is run again. */
function constructBuffer(native: Constructor, args: unknown[], newTarget: Constructor): object {
  const make = (): object => Reflect.construct(native, args, newTarget) as object
  const options = args[1]
  if (typeof options === 'object' && options !== null && 'maxByteLength' in options) refuseGrowable()
  return watcher()?.local('new SharedArrayBuffer', make) ?? make()
}

function refuseGrowable(): void {
  watcher()?.refuse('a growable SharedArrayBuffer is not supported: allocate it at its full size.')
}

function replaceSharedBufferMethods(patches: Patches): void {
  const { prototype } = NativeSharedArrayBuffer
  const grow = Reflect.get(prototype, 'grow') as ((...args: unknown[]) => unknown) | undefined
  if (grow !== undefined) {
    patches.replace(prototype, 'grow', function (this: SharedArrayBuffer, ...args: unknown[]): unknown {
      watcher()?.refuse('SharedArrayBuffer.prototype.grow is not supported: allocate the buffer at its full size.')
      return grow.apply(this, args)
    })
  }
  const native = Reflect.get(prototype, 'slice') as (from: unknown, to: unknown) => SharedArrayBuffer
  patches.replace(prototype, 'slice', function (this: unknown, from: unknown, to: unknown): unknown {
    return isSharedBuffer(this) ? slice(this, from, to) : native.call(this as SharedArrayBuffer, from, to)
  })
}

/** Returns a new SharedArrayBuffer with a copy of the bytes from `start` to `end`. */
function slice(buffer: SharedArrayBuffer, start: unknown, end: unknown): object {
  const from = toRelativeIndex(buffer.byteLength, start, 0)
  const length = Math.max(toRelativeIndex(buffer.byteLength, end, buffer.byteLength) - from, 0)
  const bytes = readBytes(bytesView(buffer), from, length, pieceSize(length, 1))
  const copy = constructBuffer(NativeSharedArrayBuffer, [length], NativeSharedArrayBuffer) as SharedArrayBuffer
  writeBytes(bytesView(copy), 0, bytes, pieceSize(length, 1))
  return copy
}
