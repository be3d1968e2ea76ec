/**
 * Conversions of arguments as ECMA-262 has them for Atomics and views. They may run code of the caller's (valueOf) and throw,
 * so each happens where the specification has it: before the access, never within.
 */
import { nativeAtomics } from '../model/native.ts'
import type { SharedView } from '../model/shared-view.ts'
import type { Operand } from '../model/elements.ts'

/** ToNumber. Number() would take a BigInt, which the language rejects here. */
export function toNumber(value: unknown): number {
  return typeof value === 'number' ? value : +(value as string)
}

/** ToIntegerOrInfinity: what is no number counts as 0, and so does -0. */
export function toInteger(value: unknown): number {
  return Math.trunc(toNumber(value)) || 0
}

/** ToBigInt. BigInt() would take a number, which the language rejects here; asIntN does not, and this wide it cuts nothing. */
export function toBigInt(value: unknown): bigint {
  return typeof value === 'bigint' ? value : BigInt.asIntN(Number.MAX_SAFE_INTEGER, value as bigint)
}

/** What an element of the view is assigned. */
export function toElement(view: SharedView, value: unknown): Operand {
  return view.big ? toBigInt(value) : toNumber(value)
}

/** What Atomics puts into an element of the view. */
export function toOperand(view: SharedView, value: unknown): Operand {
  return view.big ? toBigInt(value) : toInteger(value)
}

/** The element that Atomics acts on: text, fractions and undefined name one too. Throws what Atomics throws if there is none. */
export function toAtomicIndex(view: SharedView, index: unknown): number {
  if (typeof index === 'number' && index >= 0 && index < view.length && index % 1 === 0) return index
  const integer = toInteger(index)
  if (integer >= 0 && integer < view.length) return integer
  return nativeAtomics.load(view.raw, -1) as never
}

/** A relative index as the methods of arrays take it: from the end if negative, and never beyond either. */
export function toRelativeIndex(length: number, value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise
  const index = toInteger(value)
  return index < 0 ? Math.max(length + index, 0) : Math.min(index, length)
}
