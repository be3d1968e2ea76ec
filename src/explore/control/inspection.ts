/**
 * How views of shared memory are shown: inspect looks through a proxy by itself, and would read the memory out of sight. It
 * asks what it shows for a method of its own first; that one shows a copy. So console.log, format and the texts of failed
 * assertions are seen too, whoever kept inspect from before.
 */
import { refuseUnseen } from './atomics.ts'
import { constructorOf, NativeDataView, NativeSharedArrayBuffer, typedArrayPrototype } from './native.ts'
import type { Patches } from './patch.ts'
import { isUnseenView, sharedView } from './shared-view.ts'
import type { SharedView } from './shared-view.ts'
import { bufferStandIn, dress, standIn } from './stand-ins.ts'
import { wrap } from './wrap.ts'

const CUSTOM = Symbol.for('nodejs.util.inspect.custom')

interface Options {
  readonly maxArrayLength?: number | null
  readonly showHidden?: boolean
}

type Inspect = (value: unknown, options: object) => string

/** Copies that are to be shown as they are. */
const copies = new WeakSet<object>()

export function replaceInspection(patches: Patches): void {
  for (const owner of [typedArrayPrototype, NativeDataView.prototype]) {
    patches.add(owner, CUSTOM, function () {
      return isUnseenView(this) && !copies.has(this) ? inspectView : undefined
    })
  }
  patches.add(NativeSharedArrayBuffer.prototype, CUSTOM, function () {
    return copies.has(this) ? undefined : inspectBuffer
  })
}

function inspectView(this: ArrayBufferView, depth: number | null, options: Options, inspect: Inspect): string {
  if (sharedView(this) === undefined) refuseUnseen()
  const view = sharedView(this) ?? unseen(this)
  const whole = view.raw instanceof NativeDataView || options.showHidden === true
  return inspect(whole ? overBuffer(view, options) : standIn(view, mostOf(options)), { ...options, depth })
}

function unseen(raw: ArrayBufferView): SharedView {
  return sharedView(wrap(raw)) as SharedView
}

function inspectBuffer(this: SharedArrayBuffer, depth: number | null, options: Options, inspect: Inspect): string {
  return inspect(bufferCopy(this, options), { ...options, depth })
}

/** A copy that shows its buffer as well. */
function overBuffer({ raw, length }: SharedView, options: Options): object {
  const buffer = bufferCopy(raw.buffer as SharedArrayBuffer, options)
  const Native = raw instanceof NativeDataView ? NativeDataView : constructorOf(raw)
  const copy = new Native(buffer, raw.byteOffset, length)
  dress(copy, raw)
  copies.add(copy)
  return copy
}

function bufferCopy(buffer: SharedArrayBuffer, options: Options): SharedArrayBuffer {
  const copy = bufferStandIn(buffer, mostOf(options))
  copies.add(copy)
  return copy
}

function mostOf({ maxArrayLength = 100 }: Options): number {
  return maxArrayLength ?? Infinity
}
