/**
 * Carries out an access on the real memory. Waiting and notifying are not here: the scheduler arranges both.
 */
import { isOfBytes, Kind, KIND_NAMES } from './access.ts'
import { copyIn, copyOut, nativeAtomics } from './native.ts'
import { bytesOf } from './shared-view.ts'
import type { SharedView } from './shared-view.ts'
import type { Elements, Operand } from './elements.ts'

/**
 * Carries out an access and returns its result. Throws for WAIT, NOTIFY, TIMEOUT and LOCAL, which are not reads or
 * writes of memory alone.
 */
export function perform(kind: Kind, view: SharedView, index: number, first: Operand, second: Operand): unknown {
  switch (kind) {
    case Kind.LOAD:
      return nativeAtomics.load(view.raw, index)
    case Kind.STORE:
      return nativeAtomics.store(view.raw, index, first)
    case Kind.ADD:
      return nativeAtomics.add(view.raw, index, first)
    case Kind.SUB:
      return nativeAtomics.sub(view.raw, index, first)
    case Kind.AND:
      return nativeAtomics.and(view.raw, index, first)
    case Kind.OR:
      return nativeAtomics.or(view.raw, index, first)
    case Kind.XOR:
      return nativeAtomics.xor(view.raw, index, first)
    case Kind.EXCHANGE:
      return nativeAtomics.exchange(view.raw, index, first)
    case Kind.COMPARE_EXCHANGE:
      return nativeAtomics.compareExchange(view.raw, index, first, second)
    case Kind.READ:
      return elementOf(view, index)
    case Kind.WRITE:
      ;(view.raw as Elements)[index] = first as number
      return undefined
    case Kind.READ_BYTES:
      return copyOut(bytesOf(view), index, second as number)
    case Kind.WRITE_BYTES:
      copyIn(bytesOf(view), index, first as Uint8Array)
      return undefined
    default:
      throw new Error(`perform cannot carry out an access of kind ${KIND_NAMES[kind]}`)
  }
}

/** Returns what memory holds at the location of an access: an element, or a copy of `byteLength` bytes. */
export function current(kind: Kind, view: SharedView, index: number, byteLength: Operand): Operand {
  if (isOfBytes(kind)) return copyOut(bytesOf(view), index, byteLength as number)
  return elementOf(view, index)
}

/** Writes `value`, which `current` has read, back to its location. */
export function putBack(view: SharedView, index: number, value: Operand): void {
  if (value instanceof Uint8Array) copyIn(bytesOf(view), index, value)
  else (view.raw as Elements)[index] = value as number
}

/** The element at an index, read without an access. */
export function elementOf(view: SharedView, index: number): number | bigint {
  return (view.raw as Elements)[index]!
}
