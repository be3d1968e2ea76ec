/**
 * The replacements of DataView's methods, for views of shared memory. The bytes of a number are one access of that many
 * bytes, which is never atomic. A private DataView turns the bytes into a number.
 */
import { refuseUnseen } from './atomics.ts'
import { toInteger } from './convert.ts'
import { copyOut, NativeDataView } from '../model/native.ts'
import type { Patches } from './patch.ts'
import { readBytes, writeBytes } from './ranges.ts'
import { isUnseenView, sharedView } from '../model/shared-view.ts'

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
      const index = toInteger(at)
      if (index < 0) outOfBounds()
      const number = new NativeDataView(new ArrayBuffer(size))
      // The value is converted before the bounds are checked.
      if (verb === 'set') native.call(number, 0, ...args)
      if (index + size > view.length) outOfBounds()
      if (verb === 'get') {
        const bytes = readBytes(view, index, size, size)
        return native.call(new NativeDataView(bytes.buffer), 0, ...args)
      }
      writeBytes(view, index, copyOut(new Uint8Array(number.buffer), 0, size), size)
      return undefined
    })
  }
}

function outOfBounds(): never {
  throw new RangeError('Offset is outside the bounds of the DataView')
}
