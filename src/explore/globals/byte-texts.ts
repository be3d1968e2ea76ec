/**
 * Replaces the methods of Uint8Array that convert bytes to text and back (toHex, setFromBase64), so that the explorer
 * sees what they read and write in shared memory. Older versions of Node do not have these methods. Each replacement
 * calls the native method on a private copy; a `setFrom…` replacement then writes the new bytes to shared memory.
 */
import { refuseUnseen } from './atomics.ts'
import { copyOut, NativeUint8Array } from '../model/native.ts'
import type { Patches } from './patch.ts'
import { pieceSize, writeBytes } from './ranges.ts'
import { isUnseenView, sharedView } from '../model/shared-view.ts'
import type { SharedView } from '../model/shared-view.ts'
import { standIn } from './stand-ins.ts'

type Method = (this: unknown, ...args: unknown[]) => unknown

export function replaceByteTexts(patches: Patches): void {
  for (const name of ['toHex', 'toBase64', 'setFromHex', 'setFromBase64']) {
    const native = Reflect.get(NativeUint8Array.prototype, name) as Method | undefined
    if (native === undefined) continue
    patches.replace(NativeUint8Array.prototype, name, function (this: unknown, ...args: unknown[]): unknown {
      const view = sharedView(this)
      if (view !== undefined)
        return name.startsWith('to') ? native.apply(standIn(view), args) : decodeInto(view, native, args)
      if (isUnseenView(this)) refuseUnseen()
      return native.apply(this, args)
    })
  }
}

/**
 * Writes the bytes that the text stands for. As the specification says, the bytes before an error in the text are
 * written too. The text is decoded over zeros and over ones: the last byte that is equal in both is the last one
 * written.
 */
function decodeInto(view: SharedView, native: Method, args: unknown[]): unknown {
  const [zeros, ones] = [new NativeUint8Array(view.length), new NativeUint8Array(view.length).fill(255)]
  try {
    native.apply(ones, args)
  } catch {
    // The second call throws the same error.
  }
  try {
    return native.apply(zeros, args)
  } finally {
    let written = view.length
    while (written > 0 && zeros[written - 1] !== ones[written - 1]) written--
    writeBytes(view, 0, copyOut(zeros, 0, written), pieceSize(written, 1))
  }
}
