/**
 * Marks: properties that code puts on a view itself, such as a cache, a counter or another prototype. On real threads
 * each agent has its own view, and only the bytes are shared. Here all runs get the same view, so its marks are wiped
 * before each run.
 */
import { watcher } from './controller.ts'

type Undo = () => void

const marks: Undo[] = []

/**
 * The caller must call this before it changes a property of a view that is not an element, or its prototype (`key`
 * undefined).
 */
export function noteMark(view: object, key?: string | symbol): void {
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

/** Removes all marks. */
export function wipeMarks(): void {
  while (marks.length > 0) marks.pop()?.()
}
