/**
 * DataView's methods, replaced for views of shared memory: a number's bytes are one access of that many bytes, which is
 * never atomic. The bytes become a number in a private DataView.
 */
import { refuseUnseen } from './atomics.ts'
import { copyOut, NativeDataView } from './native.ts'
import type { Patches } from './patch.ts'
import { readBytes, writeBytes } from './ranges.ts'
import { isUnseenView, sharedView } from './shared-view.ts'

type Method = (...args: unknown[]) => unknown

export function replaceDataViewMethods(patches: Patches): void {
  for (const name of Object.getOwnPropertyNames(NativeDataView.prototype)) {
    const [, verb, bits] = /^(get|set)\D+(\d+)$/.exec(name) ?? []
    if (verb === undefined) continue
    const native = Reflect.get(NativeDataView.prototype, name) as Method
    const size = Number(bits) / 8
    patches.replace(NativeDataView.prototype, name, function (this: unknown, at: unknown, ...args: unknown[]): unknown {
      const view = sharedView(this)
      if (view === undefined) {
        if (isUnseenView(this)) refuseUnseen()
        return native.call(this, at, ...args)
      }
      const index = Math.trunc(Number(at)) || 0
      if (index < 0 || index + size > view.length) throw new RangeError('Offset is outside the bounds of the DataView')
      const number = new NativeDataView(new ArrayBuffer(size))
      if (verb === 'get') {
        const bytes = readBytes(view, index, size, size)
        return native.call(new NativeDataView(bytes.buffer), 0, ...args)
      }
      native.call(number, 0, ...args)
      writeBytes(view, index, copyOut(new Uint8Array(number.buffer), 0, size), size)
      return undefined
    })
  }
}
