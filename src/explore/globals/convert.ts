/**
 * Conversions of arguments, as ECMA-262 defines them for Atomics and views. A conversion may run code of the caller
 * (valueOf) and throw, so each happens where the specification says: before the access, never during it.
 */
import { conversions } from '../model/conversions.ts'
import { nativeAtomics } from '../model/native.ts'
import type { SharedView } from '../model/shared-view.ts'
import type { Operand } from '../model/elements.ts'

/** ToNumber. Number() would accept a BigInt, which the language rejects here. */
export function toNumber(value: unknown): number {
  note(value)
  return typeof value === 'number' ? value : +(value as string)
}

function note(value: unknown): void {
  if ((typeof value === 'object' && value !== null) || typeof value === 'function') conversions.ofObjects++
}

/** ToIntegerOrInfinity. NaN and -0 become 0. */
export function toInteger(value: unknown): number {
  return Math.trunc(toNumber(value)) || 0
}

/**
 * ToBigInt. BigInt() would accept a number, which the language rejects here. BigInt.asIntN also rejects
 * a number, and with MAX_SAFE_INTEGER bits it leaves every BigInt unchanged.
 */
export function toBigInt(value: unknown): bigint {
  note(value)
  return typeof value === 'bigint' ? value : BigInt.asIntN(Number.MAX_SAFE_INTEGER, value as bigint)
}

/** Converts a value that is assigned to an element of the view. */
export function toElement(view: SharedView, value: unknown): Operand {
  return view.big ? toBigInt(value) : toNumber(value)
}

/** Converts a value that Atomics stores in an element of the view. */
export function toOperand(view: SharedView, value: unknown): Operand {
  return view.big ? toBigInt(value) : toInteger(value)
}

/**
 * Returns the index of the element that Atomics acts on. A string, a fraction or undefined is converted to an index.
 * Throws the error of Atomics if there is no such element.
 */
export function toAtomicIndex(view: SharedView, index: unknown): number {
  if (typeof index === 'number' && index >= 0 && index < view.length && index % 1 === 0) return index
  const integer = toInteger(index)
  if (integer >= 0 && integer < view.length) return integer
  return nativeAtomics.load(view.raw, -1) as never
}

/**
 * Converts a relative index of an array method: a negative one counts from the end, and the result is between 0 and
 * `length`. Returns `otherwise` if `value` is undefined.
 */
export function toRelativeIndex(length: number, value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise
  const index = toInteger(value)
  return index < 0 ? Math.max(length + index, 0) : Math.min(index, length)
}
