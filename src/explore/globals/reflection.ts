/**
 * The replacements of functions that look at an object as a whole, for views of shared memory. A trap of a proxy cannot
 * distinguish a request for the value of an element from one for its attributes (for-in, Object.keys), so only these
 * functions count as reading it.
 */
import { NativeDataView, typedArrayPrototype } from '../model/native.ts'
import { isLasting } from './marks.ts'
import type { Patches } from './patch.ts'
import { sharedView } from '../model/shared-view.ts'
import { elementIndex } from './wrap.ts'

type Key = string | symbol
type GetDescriptor = (target: object, key: Key) => PropertyDescriptor | undefined

export function replaceReflection(patches: Patches): void {
  for (const owner of [Object, Reflect]) {
    const native = Reflect.get(owner, 'getOwnPropertyDescriptor') as GetDescriptor
    patches.replace(owner, 'getOwnPropertyDescriptor', (target: object, asked: unknown) => {
      const key = typeof asked === 'symbol' ? asked : String(asked)
      return observed(target, key, native(target, key))
    })
  }
  const all = Object.getOwnPropertyDescriptors
  patches.replace(Object, 'getOwnPropertyDescriptors', (target: object): unknown => {
    const found = all(target) as Record<Key, PropertyDescriptor>
    if (sharedView(target) === undefined && !ownsGetters(target)) return found
    for (const key of Reflect.ownKeys(found)) observed(target, key, found[key])
    return found
  })
  // They reject views with elements by an error of their own, before a proxy could.
  for (const name of ['freeze', 'seal'] as const) {
    const native = Object[name] as (target: unknown) => unknown
    patches.replace(Object, name, (target: unknown): unknown => {
      const view = sharedView(target)
      if (view === undefined) return native(target)
      native(view.raw)
      return target
    })
  }
}

/**
 * Returns the descriptor of a property. Reading the value of an element is an access, and the getters of views accept
 * proxies.
 */
function observed(target: object, key: Key, found: PropertyDescriptor | undefined): PropertyDescriptor | undefined {
  if (found === undefined) return undefined
  const view = sharedView(target)
  if (view === undefined) {
    if (ownsGetters(target) && found.get !== undefined) found.get = throughProxy(found.get)
    return found
  }
  if (isLasting(view.raw, key)) found.configurable = false
  if (elementIndex(key) !== undefined) found.value = Reflect.get(view.proxy, key) as unknown
  return found
}

/** Whether the object has the getters of views. Code that keeps such a getter calls it on a proxy. */
function ownsGetters(target: object): boolean {
  return target === typedArrayPrototype || target === NativeDataView.prototype
}

function throughProxy(native: () => unknown): () => unknown {
  return function (this: unknown): unknown {
    return native.call(sharedView(this)?.raw ?? this)
  }
}
