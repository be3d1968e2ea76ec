/** Replaces functions and constructors by ones that refuse to run. They refuse only while code of the scenario runs. */
import { watcher } from './controller.ts'
import type { Patches } from './patch.ts'

export type Method = (...args: unknown[]) => unknown
type Constructor = new (...args: unknown[]) => object

/** Why calls are refused whose work is done later. */
export const LATE =
  'every function of a scenario is synchronous, and nothing of it may happen after it has ended. ' +
  'Do the work in the function itself, or make it an actor of its own.'
/** Why calls are refused that have effects outside the memory of this thread. */
export const UNDONE =
  'actors run many times over, and what happens outside the shared memory cannot be undone for the next schedule. ' +
  'Leave it out, or do it before the exploration begins.'

/** A call that is refused while code of the scenario runs. */
export interface RefusedCall {
  /** The name of the function. */
  readonly what: string
  readonly why: string
  /** Whether a call with these arguments is refused; undefined if every call is. */
  readonly when: When | undefined
}

type When = (args: readonly unknown[], self: unknown) => boolean

/**
 * The functions whose calls are refused, as Node made them: code may have kept copies of them (run/kept-copies.ts). Those
 * whose work is done later are not here: Node's async hooks notice it (late-work.ts).
 */
export const refusedCalls = new Map<object, RefusedCall>()
/** What Node made of a function that was replaced. A function may be replaced more than once. */
const originals = new WeakMap<object, object>()

/**
 * Refuses calls of the functions `names` of `owner`. `prefix` stands before the name in the message, for example
 * `process.`.
 */
export function refuseCalls(patches: Patches, owner: object, names: readonly string[], why: string, prefix = ''): void {
  for (const name of names) refuseIf(patches, owner, name, why, undefined, prefix)
}

/** Refuses the calls for which `when` returns true, or all if it is undefined. */
export function refuseIf(
  patches: Patches,
  owner: object,
  name: string,
  why: string,
  when: When | undefined,
  prefix = '',
): void {
  const native: unknown = Reflect.get(owner, name)
  if (typeof native !== 'function') return
  const what = `${prefix}${name}`
  const known = made.get(native) ?? new Map<string, Method>()
  const replaced = known.get(what) ?? refusing(native as Method, refusal(what, why), when)
  made.set(native, known.set(what, replaced))
  const original = originals.get(native) ?? native
  originals.set(replaced, original)
  if (why !== LATE && !refusedCalls.has(original)) refusedCalls.set(original, { what, why, when })
  patches.replace(owner, name, replaced)
}

/** Returns why a call is refused. */
export function refusal(what: string, why: string): string {
  return `${what} was called: ${why}`
}

/** The replacements that were made before, by the original and its name: making them again costs more than the rest. */
const made = new WeakMap<object, Map<string, Method>>()

function refusing(native: Method, message: string, when: When | undefined): Method {
  const replaced = function (this: unknown, ...args: unknown[]): unknown {
    const controller = watcher()
    if (controller !== undefined && (when?.(args, this) ?? true)) controller.refuse(message)
    return Reflect.apply(native, this, args)
  }
  // Also the properties that are not enumerable: the length, and what util.promisify asks for.
  return Object.defineProperties(replaced, Object.getOwnPropertyDescriptors(native))
}

/** Refuses `new`. The prototype and the static properties are still those of the original constructor. */
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
