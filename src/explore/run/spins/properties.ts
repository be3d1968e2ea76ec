/**
 * The properties of objects in a round. Plain properties are read from the actor's objects. Elements of shared views
 * are accesses. Getters are functions that are executed.
 */
import { types } from 'node:util'
import type { AnyNode, MethodDefinition, PrivateIdentifier } from 'acorn'
import { Kind } from '../../model/access.ts'
import { isView } from '../../model/native.ts'
import { sharedView } from '../../model/shared-view.ts'
import type { SharedView } from '../../model/shared-view.ts'
import { MadeView } from './made-view.ts'
import type { Round } from './round.ts'
import type { PrivateMembers } from './source.ts'
import {
  computed,
  isPrimitive,
  Made,
  MadeNumbers,
  MadeObject,
  Obstacle,
  refuseConversion,
  Unknown,
  UnknownPrimitive,
  UnknownVariable,
} from './values.ts'

/** Reads a property. `site`: the node that reads it. */
export function getProperty(round: Round, site: AnyNode, self: unknown, key: unknown): unknown {
  refuseConversion(key)
  // Outside strict mode these say how a function was called.
  if (key === 'arguments' || key === 'caller') throw new Obstacle(`reads a property named ${key}`)
  if (self instanceof Made) return ofMade(round, site, self, key)
  if (self instanceof Unknown || key instanceof Unknown || self === null || self === undefined) {
    throw new Obstacle('reads an unknown property')
  }
  const view = sharedView(self)
  const index = view === undefined ? undefined : elementIndex(view, key)
  if (index !== undefined) return round.access(site, Kind.READ, self, index)
  if (view !== undefined && isIntrinsic(view.raw, key)) return Reflect.get(view.raw, key as PropertyKey)
  return ofObject(round, site, view?.raw ?? Object(self), self, key as PropertyKey)
}

/** Reads a property of an object that the round has made. Nothing is known of its own properties. */
function ofMade(round: Round, site: AnyNode, self: Made, key: unknown): unknown {
  if (self instanceof MadeView && typeof key === 'number') return round.access(site, Kind.READ, self, key)
  if (self instanceof MadeNumbers && typeof key === 'number') return new UnknownPrimitive()
  refuseSpecial(self, key)
  if (!(self instanceof MadeObject)) return new Unknown()
  const name = toKey(key)
  return self.values.has(name) ? self.values.get(name) : Reflect.get(Object.prototype, name)
}

/** Returns a primitive as the key of a property. */
export function toKey(key: unknown): PropertyKey {
  return typeof key === 'symbol' ? key : String(key)
}

/** Refuses a property of an object that the round has made if the object might run code for it. */
function refuseSpecial(self: Made, key: unknown): void {
  const isOrdinary = self.constructor === Made || self instanceof MadeObject
  const plain = isOrdinary && !(key instanceof Unknown) && isPrimitive(key)
  const found = plain ? Object.getOwnPropertyDescriptor(Object.prototype, key as PropertyKey) : undefined
  if (!plain || (found !== undefined && !('value' in found)))
    throw new Obstacle('uses a special property of a new object')
}

/** Refuses to assign a property that new objects have from their prototype, and cannot have as their own by assignment. */
function refuseReadOnly(key: unknown): void {
  const found = Object.getOwnPropertyDescriptor(Object.prototype, key as PropertyKey)
  if (found !== undefined && found.writable !== true) throw new Obstacle('assigns a read-only property of a new object')
}

/** Whether a key is that of a property of the language that a view has and that never changes. */
function isIntrinsic(view: object, key: unknown): boolean {
  if (!INTRINSIC.has(key) || Object.hasOwn(view, key as PropertyKey)) return false
  const prototype = Object.getPrototypeOf(view) as object
  if (!VIEW_PROTOTYPES.has(prototype)) return false
  const holder = Object.hasOwn(prototype, key as PropertyKey) ? prototype : TYPED_ARRAY
  const found = getOwnPropertyDescriptor(holder, key as PropertyKey)
  return found !== undefined && ('value' in found ? key === 'BYTES_PER_ELEMENT' : GETTERS.has(found.get))
}

/** As it was before the explorer replaced it: the replacement gives other getters of views. */
const { getOwnPropertyDescriptor } = Object
const TYPED_ARRAY = Object.getPrototypeOf(Int8Array.prototype) as object

const INTRINSIC: ReadonlySet<unknown> = new Set(['length', 'buffer', 'byteLength', 'byteOffset', 'BYTES_PER_ELEMENT'])
const VIEW_PROTOTYPES: ReadonlySet<unknown> = new Set(
  [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array]
    .map(({ prototype }): object => prototype)
    .concat(Float32Array.prototype, Float64Array.prototype, BigInt64Array.prototype, BigUint64Array.prototype),
)

/** The getters of the language that depend only on the object. */
const GETTERS: ReadonlySet<unknown> = new Set(
  [Map, Set, ArrayBuffer, SharedArrayBuffer, DataView, Symbol, Object.getPrototypeOf(Int8Array) as typeof Int8Array]
    .flatMap(({ prototype }) => Object.values(Object.getOwnPropertyDescriptors(prototype)))
    .flatMap(({ get }) => get ?? []),
)

function ofObject(round: Round, site: AnyNode, target: object, self: unknown, key: PropertyKey): unknown {
  if (types.isModuleNamespaceObject(target)) return Reflect.get(target, key)
  // An array of numbers has no element beyond its own, whatever its prototypes have.
  if (isView(target) && isNumeric(key)) return Object.hasOwn(target, key) ? Reflect.get(target, key) : undefined
  const found = propertyOf(target, key)
  if (found === undefined || !('get' in found)) return found?.value
  if (found.get === undefined) return undefined
  if (GETTERS.has(found.get)) return computed(() => Reflect.get(target, key) as unknown)
  const getter = round.closureOf(found.get)
  if (getter === undefined) throw new Obstacle(`reads ${String(key)}, whose getter cannot be read`)
  return round.call(site, getter, self, [])
}

/** Returns the property that an object has itself or from its prototypes; undefined if it has none. */
function propertyOf(target: object, key: PropertyKey): PropertyDescriptor | undefined {
  for (let holder: object | null = target; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    if (types.isProxy(holder)) throw new Obstacle('reads a property of a proxy')
    const found = Object.getOwnPropertyDescriptor(holder, key)
    if (found !== undefined) return found
  }
  return undefined
}

/** Returns the properties that `{ ...value }` copies. */
export function propertiesOf(value: unknown): Iterable<readonly [PropertyKey, unknown]> {
  if (value === null || value === undefined) return []
  if (value instanceof MadeObject) return value.values
  const isReal = typeof value === 'object' && !(value instanceof Unknown || value instanceof Made)
  if (!isReal || types.isProxy(value) || types.isModuleNamespaceObject(value)) throw new Obstacle('spreads an object')
  return Reflect.ownKeys(value).flatMap((key) => {
    const property = Object.getOwnPropertyDescriptor(value, key)!
    if (!('value' in property)) throw new Obstacle('spreads an object with a getter')
    return property.enumerable === true ? [[key, property.value as unknown] as const] : []
  })
}

/** Returns the source of the getter that a property has now; undefined if it has none that is known. */
export function getterOf(round: Round, self: unknown, key: unknown): AnyNode | undefined {
  if (isPrimitive(self) || self instanceof Unknown || self instanceof Made || !isPrimitive(key)) return undefined
  const found = propertyOf(sharedView(self)?.raw ?? (self as object), key as PropertyKey)
  const origin = found?.get === undefined ? undefined : round.inspection.originOf(found.get)
  return origin?.source.functionAt(origin.offset)
}

/** Returns the source of the getter that a private name means; undefined if it means no accessor. */
export function privateGetter(round: Round, node: PrivateIdentifier): AnyNode | undefined {
  const method = privateMethod(round.activation.source.privateMembers(node))
  return method?.kind === 'get' ? method.value : undefined
}

/** Returns the method or getter that reading a private name means; undefined if the name means a field. */
function privateMethod({ named }: PrivateMembers): MethodDefinition | undefined {
  return named.find((member) => member.type === 'MethodDefinition' && member.kind !== 'set') as
    | MethodDefinition
    | undefined
}

/** Whether a key is a number as text, as the language writes it. */
function isNumeric(key: PropertyKey): boolean {
  return typeof key === 'number' || (typeof key === 'string' && (key === '-0' || String(Number(key)) === key))
}

/** Assigns a property. Only objects that the round has made may change. */
export function setProperty(round: Round, site: AnyNode, self: unknown, key: unknown, value: unknown): void {
  refuseConversion(key)
  const view = sharedView(self)
  const index = view === undefined ? undefined : elementIndex(view, key)
  if (index !== undefined || (self instanceof MadeView && typeof key === 'number')) {
    refuseConversion(value)
    round.access(site, Kind.WRITE, self, index ?? key)
    return
  }
  if (self instanceof MadeNumbers && typeof key === 'number') return refuseConversion(value)
  // The object was made in the round, so nothing that outlives the round can see the change.
  if (self instanceof Made) {
    refuseSpecial(self, key)
    refuseReadOnly(key)
    if (self instanceof MadeObject) self.values.set(toKey(key), value)
    return
  }
  const known = typeof self === 'object' && self !== null && !(self instanceof Unknown) && isPrimitive(key)
  if (!known || types.isProxy(self)) throw new Obstacle('changes a property')
  const found = Object.getOwnPropertyDescriptor(self, key as PropertyKey)
  if (found === undefined || 'get' in found || !Object.is(found.value, value))
    throw new Obstacle(`changes ${String(key)}`)
}

/** Returns the index of an element of a view; undefined if the key is not that of an element that there is. */
function elementIndex({ raw, length }: SharedView, key: unknown): number | undefined {
  const canonical = typeof key === 'number' || (typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key))
  const index = canonical && !types.isDataView(raw) ? Number(key) : -1
  return Number.isInteger(index) && index >= 0 && index < length ? index : undefined
}

/** Returns the value of a private member. `site`: the node that reads it. `isCalled`: as for `member`. */
export function privateMember(
  round: Round,
  site: AnyNode,
  self: unknown,
  node: PrivateIdentifier,
  isCalled: boolean,
): unknown {
  const members = round.activation.source.privateMembers(node)
  const read = privateMethod(members)
  if (read === undefined) return privateField(round, self, node)
  const method = round.methodOf(read.value, members.body)
  // What stands for a method is another object at each read.
  if (method === undefined || (read.kind !== 'get' && !isCalled))
    throw new Obstacle(`uses the private method or accessor #${node.name}`)
  return read.kind === 'get' ? round.call(site, method, self, []) : method
}

/** Returns the value of a private field. Two fields of this name, of two classes, are an obstacle. */
export function privateField(round: Round, self: unknown, node: PrivateIdentifier): unknown {
  const { name } = node
  // V8 shows the fields of an object only, also where the code around the name means a method or an accessor.
  const isField = round.activation.source.privateMembers(node).named.some(({ type }) => type === 'PropertyDefinition')
  if (!isField) throw new Obstacle(`uses the private method or accessor #${name}`)
  const isObject = !isPrimitive(self) && !(self instanceof Unknown || self instanceof Made)
  const found = isObject ? round.inspection.privateField(self as object, `#${name}`) : undefined
  if (found !== undefined) return found[0]
  if (self instanceof UnknownVariable) return new UnknownVariable()
  throw new Obstacle(`uses the private name #${name}`)
}
