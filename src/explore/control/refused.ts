/** Puts a refusal in place of functions and constructors. It takes effect only while the scenario's own code runs. */
import { watcher } from './controller.ts'
import type { Patches } from './patch.ts'

export type Method = (...args: unknown[]) => unknown
type Constructor = new (...args: unknown[]) => object

/** What is wrong with calls whose work is done later. */
export const LATE =
  'an actor is synchronous, and nothing of it may happen after it has ended. ' +
  'Do the work in the actor itself, or make it an actor of its own.'
/** What is wrong with calls that reach beyond this thread's memory. */
export const UNDONE =
  'actors run many times over, and what happens outside the shared memory cannot be undone for the next schedule. ' +
  'Leave it out, or do it before the exploration begins.'

/** `prefix`: what stands before the name where the function is called, `process.` say. */
export function refuseCalls(patches: Patches, owner: object, names: readonly string[], why: string, prefix = ''): void {
  for (const name of names) refuseIf(patches, owner, name, why, () => true, prefix)
}

/** Refuses those calls whose arguments `when` accepts. */
export function refuseIf(
  patches: Patches,
  owner: object,
  name: string,
  why: string,
  when: (args: readonly unknown[], self: unknown) => boolean,
  prefix = '',
): void {
  const native: unknown = Reflect.get(owner, name)
  if (typeof native !== 'function') return
  const replaced = function (this: unknown, ...args: unknown[]): unknown {
    const controller = watcher()
    if (controller !== undefined && when(args, this)) controller.refuse(`${prefix}${name} was called: ${why}`)
    return Reflect.apply(native, this, args)
  }
  patches.replace(owner, name, Object.assign(replaced, native))
}

/** Refuses `new`. The prototype and the static properties stay the constructor's own. */
export function refuseConstructor(patches: Patches, owner: object, name: string, why: string): void {
  const native = Reflect.get(owner, name) as Constructor | undefined
  if (native === undefined) return
  const replaced: Constructor = new Proxy(native, {
    construct: (_, args: unknown[], newTarget) => {
      watcher()?.refuse(`new ${name} was called: ${why}`)
      return Reflect.construct(native, args, newTarget === replaced ? native : newTarget) as object
    },
  })
  patches.replace(owner, name, replaced)
}
