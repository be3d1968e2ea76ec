/**
 * Kinds of values, as `types` of node:util tells them: by what a value is, not by what it says of itself. A method of the language throws
 * for a value of another kind.
 */
const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1)

type Kind = (value: unknown) => boolean

const isObject: Kind = (value) => typeof value === 'object' && value !== null

interface Class {
  readonly prototype: object
}

/** A kind of object: the instances of a class that its method, or getter, `key` takes. A proxy, or what only inherits, is none. */
function takenBy(of: Class, key: string): Kind {
  const { get, value } = Object.getOwnPropertyDescriptor(of.prototype, key)!
  const probe = (get ?? value) as () => unknown
  return (candidate) => {
    // Errors are slow, and most candidates are of another kind.
    if (!isObject(candidate) || !inherits(candidate, of)) return false
    try {
      Reflect.apply(probe, candidate, [])
      return true
    } catch {
      return false
    }
  }
}

function inherits(value: unknown, { prototype }: Class): boolean {
  return Object.prototype.isPrototypeOf.call(prototype, value as object)
}

/** A kind of function: those that inherit from the same prototype as `example`. A bound function does so too, and is of no kind. */
function like(example: object): Kind {
  const prototype = Object.getPrototypeOf(example) as object
  return (value) => typeof value === 'function' && inherits(value, { prototype }) && !isNative(value)
}

/** Whether a function is the language's own, or bound. */
export function isNative(value: object): boolean {
  return Function.prototype.toString.call(value).endsWith('{ [native code] }')
}

const isOneOf =
  (...kinds: readonly Kind[]): Kind =>
  (value) =>
    kinds.some((kind) => kind(value))

const { isError = (value: unknown) => value instanceof Error } = Error as unknown as { readonly isError?: Kind }

const generator = (function* () {})() as object
const asyncGenerator = (async function* () {})() as object
const isFrom = (made: object): Kind => {
  const prototype = Object.getPrototypeOf(Object.getPrototypeOf(made)) as object
  return (value) => isObject(value) && inherits(value, { prototype })
}

export const types = {
  isArrayBuffer: takenBy(ArrayBuffer, 'byteLength'),
  // A page that is not isolated has no such class, and so no such value.
  isSharedArrayBuffer: 'SharedArrayBuffer' in globalThis ? takenBy(SharedArrayBuffer, 'byteLength') : () => false,
  isDataView: takenBy(DataView, 'buffer'),
  isDate: takenBy(Date, 'getTime'),
  isMap: takenBy(Map, 'size'),
  isSet: takenBy(Set, 'size'),
  /** Nothing that the language has tells a promise without an effect, but to inherit from Promise is rarely feigned. */
  isPromise: (value: unknown): boolean => isObject(value) && inherits(value, Promise),
  isRegExp: takenBy(RegExp, 'global'),
  isNativeError: isError,
  isStringObject: takenBy(String, 'valueOf'),
  isBoxedPrimitive: isOneOf(...[Number, String, Boolean, BigInt, Symbol].map((each) => takenBy(each, 'valueOf'))),
  isGeneratorObject: isOneOf(isFrom(generator), isFrom(asyncGenerator)),
  isGeneratorFunction: isOneOf(
    like(function* () {}),
    like(async function* () {}),
  ),
  isAsyncFunction: isOneOf(
    like(async () => {}),
    like(async function* () {}),
  ),
  isModuleNamespaceObject: (value: unknown): boolean =>
    isObject(value) && Object.getPrototypeOf(value) === null && tagOf(value) === 'Module',
  /**
   * A browser does not tell. Only the prediction of loops asks, and it needs V8's inspector, which a browser does not have either
   * (`test/page/seam.test.ts` keeps it so).
   */
  isProxy: (): boolean => false,
}
