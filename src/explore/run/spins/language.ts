/**
 * The objects and functions of the language that a prediction may use. Code may have put functions of its own in their
 * place, which are not known.
 */
import { isReplacement } from '../../globals/patch.ts'

/**
 * The globals of the language that a prediction may use. Every other global may hold a different value in the next
 * round.
 */
export const BUILT_IN: ReadonlySet<string> = new Set(
  'Array ArrayBuffer Atomics BigInt Boolean DataView Infinity Map Math NaN Number Object Reflect Set SharedArrayBuffer String '
    .concat(
      'Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array ',
    )
    .concat('BigInt64Array BigUint64Array isFinite isNaN parseFloat parseInt undefined')
    .split(' '),
)

/** The values of these globals, and their functions, as they were when the explorer was loaded. */
const originals: ReadonlySet<unknown> = new Set(
  [...BUILT_IN].flatMap((name) => {
    const value = Reflect.get(globalThis, name) as unknown
    const isOwner = typeof value === 'function' || (typeof value === 'object' && value !== null)
    const functions = isOwner
      ? Object.values(Object.getOwnPropertyDescriptors(value)).map((each): unknown => each.value)
      : []
    return [value, ...functions].filter((each) => typeof each !== 'function' || isNative(each))
  }),
)

/** Whether a function is not of JavaScript: what code has put in its place before the explorer was loaded is. */
export function isNative(value: object): boolean {
  return Function.prototype.toString.call(value).endsWith('{ [native code] }')
}

/** Whether a value is of the language, or stands in its place for the explorer. */
export function isOfLanguage(value: unknown): boolean {
  return originals.has(value) || (typeof value === 'function' && isReplacement(value))
}
