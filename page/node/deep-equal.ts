/** `isDeepStrictEqual` of node:util: the same prototype, the same kind, and equal parts; NaN equals itself, and 0 does not equal -0. */
import { types } from './kinds.ts'

/** The pairs that are being compared: what leads back to one of them is equal if the rest is. */
type Within = readonly (readonly [object, object])[]

export function isDeepStrictEqual(one: unknown, other: unknown): boolean {
  return equal(one, other, [])
}

function equal(one: unknown, other: unknown, within: Within): boolean {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return false
  if (within.some(([first, second]) => first === one && second === other)) return true
  const inner = [...within, [one, other] as const]
  return equalInside(one, other, inner) && equalProperties(one, other, inner)
}

/** Compares what an object holds besides its properties. */
function equalInside(one: object, other: object, within: Within): boolean {
  for (const [isKind, sameInside] of KINDS) {
    const [first, second] = [isKind(one), isKind(other)]
    if (first || second) return first && second && sameInside(one as never, other as never, within)
  }
  return Array.isArray(one) === Array.isArray(other)
}

type Inside = (one: never, other: never, within: Within) => boolean

const KINDS: readonly (readonly [(value: object) => boolean, Inside])[] = [
  // Byte by byte, but for numbers: there 0 and -0 differ, and all NaN are equal, as Object.is has it.
  [(value) => ArrayBuffer.isView(value) && !types.isDataView(value), equalElements],
  [types.isDataView, (one: DataView, other: DataView) => equalBytes(bytesOf(one), bytesOf(other))],
  [
    (value) => types.isArrayBuffer(value) || types.isSharedArrayBuffer(value),
    (one: ArrayBuffer, other: ArrayBuffer) => equalBytes(new Uint8Array(one), new Uint8Array(other)),
  ],
  [types.isDate, (one: Date, other: Date) => Object.is(one.getTime(), other.getTime())],
  [types.isRegExp, (one: RegExp, other: RegExp) => String(one) === String(other) && one.lastIndex === other.lastIndex],
  [types.isBoxedPrimitive, (one: object, other: object) => Object.is(one.valueOf(), other.valueOf())],
  [types.isNativeError, equalErrors],
  [types.isMap, equalMaps],
  [types.isSet, equalSets],
]

function equalElements(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((element, index) => Object.is(element, other[index]))
}

function equalBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}

function bytesOf({ buffer, byteOffset, byteLength }: DataView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function equalErrors(one: Error, other: Error, within: Within): boolean {
  return one.name === other.name && one.message === other.message && equal(one.cause, other.cause, within)
}

function equalMaps(one: Map<unknown, unknown>, other: Map<unknown, unknown>, within: Within): boolean {
  return sameMembers([...one], [...other], ([key, value], [otherKey, otherValue]) => {
    return equal(key, otherKey, within) && equal(value, otherValue, within)
  })
}

function equalSets(one: Set<unknown>, other: Set<unknown>, within: Within): boolean {
  return sameMembers([...one], [...other], (member, otherMember) => equal(member, otherMember, within))
}

/** Whether each member has a partner of its own, in whatever order they are. */
function sameMembers<Member>(
  ones: readonly Member[],
  others: readonly Member[],
  same: (one: Member, other: Member) => boolean,
): boolean {
  const left = [...others]
  const paired = ones.every((one) => {
    const at = left.findIndex((other) => same(one, other))
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  })
  return paired && left.length === 0
}

/** The elements of views are compared already. */
function equalProperties(one: object, other: object, within: Within): boolean {
  const [keys, others] = [keysOf(one), keysOf(other)]
  if (keys.length !== others.length) return false
  if (Array.isArray(one) && one.length !== (other as unknown[]).length) return false
  return keys.every(
    (key) => isOwnEnumerable(other, key) && equal(Reflect.get(one, key), Reflect.get(other, key), within),
  )
}

function keysOf(value: object): PropertyKey[] {
  const keys = Reflect.ownKeys(value).filter((key) => isOwnEnumerable(value, key))
  return ArrayBuffer.isView(value) ? keys.filter((key) => typeof key === 'symbol' || !/^\d+$/.test(key)) : keys
}

function isOwnEnumerable(value: object, key: PropertyKey): boolean {
  return Object.prototype.propertyIsEnumerable.call(value, key)
}
