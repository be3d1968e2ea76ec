/**
 * The array that a method of a view returns (`slice`, `map`, `filter`, `subarray`). It has the view's own class, or the
 * class that Symbol.species names. TypedArraySpeciesCreate in ECMA-262.
 */
import { constructElements, proxied } from './constructors.ts'
import { constructorOf, isView } from '../model/native.ts'
import { sharedView } from '../model/shared-view.ts'
import type { SharedView } from '../model/shared-view.ts'
import type { Elements } from '../model/elements.ts'

type Class = new (...args: unknown[]) => ArrayBufferView

/** Makes the array that a method of `view` returns; a proxy if it is of shared memory. */
export function createLike(view: SharedView, ...args: unknown[]): Elements {
  const native = constructorOf(view.raw)
  const Species = speciesOf(view)
  const own = Species === undefined || Species === native.prototype.constructor
  const made = own ? constructElements(native, args, native) : proxied(new Species(...args))
  return own ? (made as Elements) : validated(view, made, args)
}

function speciesOf({ proxy }: SharedView): Class | undefined {
  const constructor: unknown = Reflect.get(proxy, 'constructor')
  if (constructor === undefined) return undefined
  if (!isObject(constructor)) throw new TypeError('object.constructor is not an object')
  const species: unknown = Reflect.get(constructor, Symbol.species)
  if (species === undefined || species === null) return undefined
  if (typeof species !== 'function') throw new TypeError('object.constructor[Symbol.species] is not a constructor')
  return species as Class
}

function validated(view: SharedView, made: object, args: readonly unknown[]): Elements {
  const shared = sharedView(made)
  const raw = shared?.raw ?? made
  if (!isView(raw) || !('length' in raw)) throw new TypeError('this is not a typed array.')
  if (constructorOf(raw).name.startsWith('Big') !== view.big) throw new TypeError('Content type mismatch')
  const [length] = args
  if (args.length === 1 && typeof length === 'number' && (raw as Elements).length < length) {
    throw new TypeError('Derived TypedArray constructor created an array which was too small')
  }
  return made as Elements
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
