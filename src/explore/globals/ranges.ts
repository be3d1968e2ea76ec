/**
 * Accesses to a run of bytes: `fill`, `set`, `slice`, a number in a DataView, text. None of them is atomic, so a run of
 * several elements is carried out in pieces, and other actors may take steps in between. A run has at most 16 pieces,
 * of whole elements.
 */
import { Kind } from '../model/access.ts'
import { installedController } from './controller.ts'
import { copyIn, copyOut, NativeUint8Array } from '../model/native.ts'
import { bytesOf } from '../model/shared-view.ts'
import type { SharedView } from '../model/shared-view.ts'

const MOST_PIECES = 16

/** Returns the size of one piece in bytes, for a run of `bytes` bytes with elements of `element` bytes. */
export function pieceSize(bytes: number, element: number): number {
  return element * Math.max(1, Math.ceil(bytes / element / MOST_PIECES))
}

/** Returns a private copy of `length` bytes of the view, read in pieces of `piece` bytes. */
export function readBytes(view: SharedView, from: number, length: number, piece: number): Uint8Array<ArrayBuffer> {
  const controller = installedController()
  if (controller === undefined) {
    return copyOut(bytesOf(view), from, length)
  }
  const copy = new NativeUint8Array(length)
  for (let done = 0; done < length; done += piece) {
    const size = Math.min(piece, length - done)
    copyIn(copy, done, controller.access(Kind.READ_BYTES, view, from + done, undefined, size) as Uint8Array)
  }
  return copy
}

/** Writes private bytes into the view, in pieces of `piece` bytes. */
export function writeBytes(view: SharedView, from: number, bytes: Uint8Array, piece: number): void {
  const controller = installedController()
  if (controller === undefined) {
    copyIn(bytesOf(view), from, bytes)
    return
  }
  for (let done = 0; done < bytes.length; done += piece) {
    const size = Math.min(piece, bytes.length - done)
    controller.access(Kind.WRITE_BYTES, view, from + done, copyOut(bytes, done, size), size)
  }
}
