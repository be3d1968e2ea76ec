/**
 * How `inspect` shows views of shared memory. It looks through a proxy by itself, and would read the memory without the
 * explorer seeing it. But first it asks the value for an inspection method of its own: the one given here shows a copy.
 * So console.log, format and the messages of failed assertions are seen too, also through an `inspect` that was kept
 * from before.
 */
import { INSPECT_MAX_BYTES } from 'node:buffer'
import { refuseUnseen } from './atomics.ts'
import {
  constructorOf,
  isDataView,
  NativeBuffer,
  NativeDataView,
  NativeSharedArrayBuffer,
  typedArrayPrototype,
} from '../model/native.ts'
import type { Patches } from './patch.ts'
import { isCopy, isUnseenView, sharedView } from '../model/shared-view.ts'
import type { SharedView } from '../model/shared-view.ts'
import { bufferStandIn, dress, standIn } from './stand-ins.ts'
import { wrap } from './wrap.ts'

const CUSTOM = Symbol.for('nodejs.util.inspect.custom')

interface Options {
  readonly maxArrayLength?: number | null
  readonly showHidden?: boolean
}

type Inspect = (value: unknown, options: object) => string

export function replaceInspection(patches: Patches): void {
  for (const owner of [typedArrayPrototype, NativeDataView.prototype]) {
    patches.add(owner, CUSTOM, function () {
      return isUnseenView(this) ? inspectView : undefined
    })
  }
  patches.add(NativeSharedArrayBuffer.prototype, CUSTOM, function () {
    return isCopy(this) ? undefined : inspectBuffer
  })
  // Buffer has an inspection method already, which in some versions of Node reads the bytes unseen.
  const native = Reflect.get(NativeBuffer.prototype, CUSTOM) as (...args: unknown[]) => unknown
  patches.replace(NativeBuffer.prototype, CUSTOM, function (this: unknown, ...args: unknown[]): unknown {
    const view = sharedView(this)
    return native.apply(view === undefined ? this : standIn(view, INSPECT_MAX_BYTES), args)
  })
}

function inspectView(this: ArrayBufferView, depth: number | null, options: Options, inspect: Inspect): string {
  if (sharedView(this) === undefined) refuseUnseen()
  const view = sharedView(this) ?? unseen(this)
  const whole = isDataView(view.raw) || options.showHidden === true
  return inspect(whole ? overBuffer(view, options) : standIn(view, mostOf(options)), { ...options, depth })
}

function unseen(raw: ArrayBufferView): SharedView {
  return sharedView(wrap(raw))!
}

function inspectBuffer(this: SharedArrayBuffer, depth: number | null, options: Options, inspect: Inspect): string {
  return inspect(bufferStandIn(this, mostOf(options)), { ...options, depth })
}

/** Returns a copy of a view that shows its buffer as well. */
function overBuffer({ raw, buffer, byteOffset, length }: SharedView, options: Options): object {
  const shown = bufferStandIn(buffer as SharedArrayBuffer, mostOf(options))
  const Native = isDataView(raw) ? NativeDataView : constructorOf(raw)
  const copy = new Native(shown, byteOffset, length)
  dress(copy, raw)
  return copy
}

function mostOf({ maxArrayLength = 100 }: Options): number {
  return maxArrayLength ?? Infinity
}
