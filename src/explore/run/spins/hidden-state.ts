/** Which objects hold something that neither their properties nor V8's inspector show. */
import { types } from 'node:util'
import type { Origin } from './inspection.ts'
import { isFunction, usesNewTarget, usesThis } from './syntax.ts'

const { getPrototypeOf, getOwnPropertyDescriptor } = Object

/** The prototypes of the language whose objects a snapshot can look into. */
const KNOWN: ReadonlySet<object> = new Set(
  [Object, Array, Map, Set, WeakMap, WeakSet, Date, ArrayBuffer, SharedArrayBuffer, DataView]
    .concat([Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError] as never)
    .concat([Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array] as never)
    .concat([Float32Array, Float64Array, BigInt64Array, BigUint64Array, getPrototypeOf(Int8Array)] as never)
    .map(({ prototype }) => prototype as object),
)

/** Whether an object may be an iterator, a generator, a weak reference or another object of the language that holds something hidden. */
export function hidesState(object: object): boolean {
  if (types.isBoxedPrimitive(object) || types.isRegExp(object) || types.isGeneratorObject(object)) return true
  for (let each = getPrototypeOf(object) as object | null; each !== null; each = getPrototypeOf(each) as object | null)
    if (!KNOWN.has(each) && !isOfClass(each)) return true
  return false
}

const ofClasses = new WeakMap<object, boolean>()

/** Whether an object is the prototype of a class, or of a function, that is written in JavaScript. */
function isOfClass(prototype: object): boolean {
  let known = ofClasses.get(prototype)
  if (known === undefined) {
    const made = getOwnPropertyDescriptor(prototype, 'constructor')?.value as unknown
    known = typeof made === 'function' && !Function.prototype.toString.call(made).endsWith('{ [native code] }')
    ofClasses.set(prototype, known)
  }
  return known
}

/** Whether a function uses `this` or `new.target` of the function around it, which V8 does not show. */
export function usesThisAround({ source, offset }: Origin): boolean {
  const node = source.pathTo(offset).findLast((each) => isFunction(each))
  return node?.type === 'ArrowFunctionExpression' && (usesThis(node) || usesNewTarget(node))
}
