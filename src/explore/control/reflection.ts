/**
 * Functions that look at an object as a whole, replaced for views of shared memory. A proxy's trap cannot tell a question for
 * an element's value from one for its attributes (for-in, Object.keys), so only these functions count as reading it.
 */
import { NativeDataView, typedArrayPrototype } from '../model/native.ts'
import type { Patches } from './patch.ts'
import { sharedView } from '../model/shared-view.ts'
import { elementIndex } from './wrap.ts'

type Key = string | symbol
type Describe = (target: object, key: Key) => PropertyDescriptor | undefined

export function replaceReflection(patches: Patches): void {
  for (const owner of [Object, Reflect]) {
    const native = Reflect.get(owner, 'getOwnPropertyDescriptor') as Describe
    patches.replace(owner, 'getOwnPropertyDescriptor', (target: object, asked: unknown) => {
      const key = typeof asked === 'symbol' ? asked : String(asked)
      return seen(target, key, native(target, key))
    })
  }
  const all = Object.getOwnPropertyDescriptors
  patches.replace(Object, 'getOwnPropertyDescriptors', (target: object): unknown => {
    const found = all(target) as Record<Key, PropertyDescriptor>
    if (sharedView(target) === undefined && !ownsGetters(target)) return found
    for (const key of Reflect.ownKeys(found)) seen(target, key, found[key])
    return found
  })
  // They reject views with elements in words of their own, before a proxy could.
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

/** The description of a property, with an element's value read as an access, and with getters that know proxies. */
function seen(target: object, key: Key, found: PropertyDescriptor | undefined): PropertyDescriptor | undefined {
  if (found === undefined) return undefined
  const view = sharedView(target)
  if (view === undefined) {
    if (ownsGetters(target) && found.get !== undefined) found.get = throughProxy(found.get)
    return found
  }
  if (elementIndex(key) !== undefined) found.value = Reflect.get(view.proxy, key) as unknown
  return found
}

/** Whether the getters of views are properties of the object: code that keeps one calls it on a proxy. */
function ownsGetters(target: object): boolean {
  return target === typedArrayPrototype || target === NativeDataView.prototype
}

function throughProxy(native: () => unknown): () => unknown {
  return function (this: unknown): unknown {
    return native.call(sharedView(this)?.raw ?? this)
  }
}
