/**
 * Properties that code puts on a view itself (`words.label = 'heads'`). Each thread has view objects of its own, and each run
 * of an actor begins without such marks: they are taken off again before the next run.
 */
const undo: (() => void)[] = []

/** To be called before a property of a view changes: remembers what it is now. */
export function remember(view: object, key: string | symbol): void {
  const before = Reflect.getOwnPropertyDescriptor(view, key)
  undo.push(() => {
    if (before === undefined) Reflect.deleteProperty(view, key)
    else Reflect.defineProperty(view, key, before)
  })
}

/** Takes off all marks: a run of an actor begins. */
export function forgetMarks(): void {
  while (undo.length > 0) undo.pop()?.()
}
