/**
 * Marks: properties that code puts on a view itself, such as a cache, a counter or another prototype. On real threads
 * each agent has its own view, and only the bytes are shared. Here all runs get the same view, so its marks are wiped
 * before each run.
 */
import { watcher } from './controller.ts'

type Undo = () => void
type Key = string | symbol

const marks: Undo[] = []

/**
 * The caller must call this before it changes a property of a view that is not an element, or its prototype (`key`
 * undefined).
 */
export function noteMark(view: object, key?: Key): void {
  if (watcher() === undefined) return
  if (key === undefined) {
    const prototype = Object.getPrototypeOf(view) as object | null
    marks.push(() => Object.setPrototypeOf(view, prototype))
    return
  }
  const before = Object.getOwnPropertyDescriptor(view, key)
  marks.push(() => {
    if (before === undefined) Reflect.deleteProperty(view, key)
    else Reflect.defineProperty(view, key, before)
  })
}

/**
 * The properties of views that code cannot delete or change, as it sees them. The real view must let them be deleted,
 * so that they can be wiped.
 */
const lasting = new WeakMap<object, Set<Key>>()

/** Whether code sees a property of a view as one that cannot be deleted. */
export function isLasting(view: object, key: Key): boolean {
  return lasting.get(view)?.has(key) === true
}

/** Defines a property of a view that is not an element. Returns false if the language does not allow it. */
export function defineMark(view: object, key: Key, descriptor: PropertyDescriptor): boolean {
  if (watcher() === undefined) return Reflect.defineProperty(view, key, descriptor)
  const before = Object.getOwnPropertyDescriptor(view, key)
  if (before === undefined && descriptor.configurable === false) {
    refuseLasting(`the property ${String(key)} of a view of shared memory was defined with configurable: false`)
  }
  if (isLasting(view, key)) {
    const like = Object.defineProperty({}, key, { ...before, configurable: false })
    if (!Reflect.defineProperty(like, key, descriptor)) return false
  }
  noteMark(view, key)
  if (before !== undefined || descriptor.configurable !== undefined)
    return Reflect.defineProperty(view, key, descriptor)
  if (!Reflect.defineProperty(view, key, { ...descriptor, configurable: true })) return false
  const keys = lasting.get(view) ?? new Set()
  lasting.set(view, keys.add(key))
  marks.push(() => keys.delete(key))
  return true
}

/** Deletes a property of a view that is not an element. Returns false if the language does not allow it. */
export function deleteMark(view: object, key: Key): boolean {
  if (isLasting(view, key)) return false
  if (Object.hasOwn(view, key)) noteMark(view, key)
  return Reflect.deleteProperty(view, key)
}

/** Refuses a change of a view that cannot be undone before the next run. */
export function refuseLasting(what: string): void {
  watcher()?.refuse(
    `${what}: the explorer undoes what is done to a view before each run, and this cannot be undone. ` +
      'Leave it out: on real threads it changes only the view of one thread.',
  )
}

/** Removes all marks. */
export function wipeMarks(): void {
  while (marks.length > 0) marks.pop()?.()
}
