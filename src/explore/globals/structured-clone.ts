/**
 * structuredClone of shared memory: the clone is another object over the same bytes. The real function clones the real
 * views. Then the buffers of the clone are recorded as the same memory, and its views become proxies.
 */
import { alias } from '../model/aliases.ts'
import { installedController } from './controller.ts'
import { isSharedBuffer, isView } from '../model/native.ts'
import { isUnseenView, sharedView } from '../model/shared-view.ts'
import { changed, holdsShared } from './stand-ins.ts'
import { wrap } from './wrap.ts'

/** Clones a value like structuredClone. Views of shared memory in the clone are proxies of the same memory. */
export function cloneShared(
  native: (...args: unknown[]) => unknown,
  value: unknown,
  rest: readonly unknown[],
): unknown {
  if (!holdsShared(value, new Set())) return native(value, ...rest)
  const raw = changed(value, (part) => sharedView(part)?.raw)
  return joined(native(raw, ...rest), raw, new Map())
}

/**
 * Returns the clone, with its shared parts recorded as the same memory as those of the original. Both have the same
 * shape.
 */
function joined(clone: unknown, original: unknown, done: Map<unknown, unknown>): unknown {
  if (typeof clone !== 'object' || clone === null) return clone
  if (done.has(clone)) return done.get(clone)
  done.set(clone, clone)
  if (isSharedBuffer(clone)) alias(clone, original as SharedArrayBuffer)
  else if (isView(clone)) done.set(clone, joinedView(clone, original as ArrayBufferView))
  else if (clone instanceof Map) joinMap(clone, original as Map<unknown, unknown>, done)
  else if (clone instanceof Set) joinSet(clone, original as Set<unknown>, done)
  else
    for (const key of Object.keys(clone)) {
      Reflect.set(clone, key, joined(Reflect.get(clone, key), Reflect.get(original as object, key), done))
    }
  return done.get(clone)
}

function joinedView(clone: ArrayBufferView, original: ArrayBufferView): object {
  if (!isUnseenView(clone)) return clone
  alias(clone.buffer as SharedArrayBuffer, original.buffer as SharedArrayBuffer)
  return installedController() === undefined ? clone : wrap(clone)
}

function joinMap(clone: Map<unknown, unknown>, original: Map<unknown, unknown>, done: Map<unknown, unknown>): void {
  const originals = [...original]
  const entries = [...clone].map(([key, part], at): [unknown, unknown] => [
    joined(key, originals[at]?.[0], done),
    joined(part, originals[at]?.[1], done),
  ])
  clone.clear()
  for (const [key, part] of entries) clone.set(key, part)
}

function joinSet(clone: Set<unknown>, original: Set<unknown>, done: Map<unknown, unknown>): void {
  const originals = [...original]
  const parts = [...clone].map((part, at) => joined(part, originals[at], done))
  clone.clear()
  for (const part of parts) clone.add(part)
}
