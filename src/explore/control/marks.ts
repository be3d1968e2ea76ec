/**
 * Properties that code puts on a view itself: a cache, a counter, another prototype. On real threads each agent has a view
 * of its own, which only shares the bytes; here all runs are given the same one, so its marks are wiped before each run.
 */
import { watcher } from './controller.ts'

type Undo = () => void

const marks: Undo[] = []

/** To be called before a property of a view that is no element changes, or its prototype (key undefined). */
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

/** Makes all views what they were before the first mark. */
export function wipeMarks(): void {
  while (marks.length > 0) marks.pop()?.()
}
