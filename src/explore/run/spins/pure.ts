/** The functions of the language that a prediction may call: they only compute, or only read. */
import { types } from 'node:util'
import { isNative } from './language.ts'
import { isPlainArray, Unknown } from './values.ts'

/** Functions of the language whose results depend only on their primitive arguments. */
export const PURE: ReadonlySet<unknown> = new Set<unknown>(
  [
    ...Object.getOwnPropertyNames(Math).flatMap((name) =>
      name === 'random' ? [] : [Reflect.get(Math, name) as unknown],
    ),
    Number,
    Number.isInteger,
    Number.isFinite,
    Number.isNaN,
    Number.isSafeInteger,
    Number.parseInt,
    Number.parseFloat,
    isNaN,
    isFinite,
    parseInt,
    parseFloat,
    String,
    Boolean,
    BigInt,
    BigInt.asIntN,
    BigInt.asUintN,
    Object.is,
    Atomics.isLockFree,
  ].filter((each) => typeof each === 'function' && isNative(each)),
)

const TEXT_METHODS = ['at', 'charAt', 'charCodeAt', 'endsWith', 'includes', 'indexOf', 'slice', 'startsWith']
  .concat('toLowerCase toUpperCase trim'.split(' '))
  .map((name) => Reflect.get(String.prototype, name) as object)

type Readable = (self: unknown) => boolean

const readers: readonly (readonly [method: object, mayRead: Readable])[] = [
  [Map.prototype.get, types.isMap],
  [Map.prototype.has, types.isMap],
  [Set.prototype.has, types.isSet],
  [Array.prototype.includes, isKnownArray],
  [Array.prototype.indexOf, isKnownArray],
  [Array.prototype.at, isKnownArray],
  ...TEXT_METHODS.map((method) => [method, isText] as const),
]

/**
 * Methods of the language that only read a value of the language, each with the values that it may read. A round changes
 * no object that lives longer than the round.
 */
export const READING: ReadonlyMap<unknown, Readable> = new Map(readers.filter(([method]) => isNative(method)))

/** Arrays that are longer are not looked through: it would take too long at each call. */
const LONGEST = 1000

function isKnownArray(value: unknown): boolean {
  if (!Array.isArray(value) || value.length > LONGEST) return false
  return isPlainArray(value) && !value.some((each) => each instanceof Unknown)
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}
