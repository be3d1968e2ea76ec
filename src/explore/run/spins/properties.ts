/**
 * The properties of objects in a round. Plain properties are read from the actor's objects. Elements of shared views
 * are accesses. Getters are functions that are executed.
 */
import { types } from 'node:util'
import type { AnyNode } from 'acorn'
import { Kind } from '../../model/access.ts'
import { sharedView } from '../../model/shared-view.ts'
import { MadeView } from './made-view.ts'
import type { Round } from './round.ts'
import { isPrimitive, Made, Obstacle, refuseConversion, Unknown } from './values.ts'

/** Reads a property. `site`: the node that reads it. */
export function getProperty(round: Round, site: AnyNode, self: unknown, key: unknown): unknown {
  refuseConversion(key)
  if (self instanceof MadeView)
    return elementIndex(key) === undefined ? new Unknown() : round.access(site, Kind.READ, self.buffer, key)
  if (self instanceof Made) return new Unknown()
  if (self instanceof Unknown || key instanceof Unknown || self === null || self === undefined) {
    throw new Obstacle('reads an unknown property')
  }
  const view = sharedView(self)
  if (view !== undefined && elementIndex(key) !== undefined) return round.access(site, Kind.READ, self, Number(key))
  if (!isPrimitive(key)) throw new Obstacle('reads an unknown property')
  return ofObject(round, site, view?.raw ?? Object(self), self, key as PropertyKey)
}

/** The getters of the language that depend only on the object. */
const GETTERS: ReadonlySet<unknown> = new Set(
  [Map, Set, ArrayBuffer, SharedArrayBuffer, DataView, Symbol, Object.getPrototypeOf(Int8Array) as typeof Int8Array]
    .flatMap(({ prototype }) => Object.values(Object.getOwnPropertyDescriptors(prototype)))
    .flatMap(({ get }) => get ?? []),
)

function ofObject(round: Round, site: AnyNode, target: object, self: unknown, key: PropertyKey): unknown {
  if (types.isModuleNamespaceObject(target)) return Reflect.get(target, key)
  for (let holder: object | null = target; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    if (types.isProxy(holder)) throw new Obstacle('reads a property of a proxy')
    const found = Object.getOwnPropertyDescriptor(holder, key)
    if (found === undefined) continue
    if (!('get' in found)) return found.value
    if (found.get === undefined) return undefined
    if (GETTERS.has(found.get)) return Reflect.get(target, key)
    const getter = round.closureOf(found.get)
    if (getter === undefined) throw new Obstacle(`reads ${String(key)}, whose getter cannot be read`)
    return round.call(site, getter, self, [])
  }
  return undefined
}

/** Assigns a property. Only objects that the round has made may change. */
export function setProperty(round: Round, site: AnyNode, self: unknown, key: unknown, value: unknown): void {
  const isElement = key instanceof Unknown || elementIndex(key) !== undefined
  if (isElement && (sharedView(self) !== undefined || self instanceof MadeView)) {
    round.access(
      site,
      Kind.WRITE,
      self instanceof MadeView ? self.buffer : self,
      typeof key === 'number' ? key : undefined,
    )
    return
  }
  // The object was made in the round, so nothing that outlives the round can see the change.
  if (self instanceof Made) return
  const known = typeof self === 'object' && self !== null && !(self instanceof Unknown) && isPrimitive(key)
  if (!known || types.isProxy(self)) throw new Obstacle('changes a property')
  const found = Object.getOwnPropertyDescriptor(self, key as PropertyKey)
  if (found?.writable !== true || !Object.is(found.value, value)) throw new Obstacle(`changes ${String(key)}`)
}

function elementIndex(key: unknown): number | undefined {
  if (typeof key === 'number') return key
  return typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key) ? Number(key) : undefined
}

/** Returns the value of a private field. Two fields of this name, of two classes, are an obstacle. */
export function privateValue(round: Round, self: unknown, name: string): unknown {
  if (typeof self !== 'object' || self === null || self instanceof Unknown || self instanceof Made) return new Unknown()
  const found = round.inspection.privateField(self, `#${name}`)
  if (found === undefined) throw new Obstacle(`uses the private name #${name}`)
  return found[0]
}
