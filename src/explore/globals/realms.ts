/**
 * Other realms (node:vm) have their own Atomics and their own constructors of views. An actor may not enter a realm. A
 * realm that is made while a scenario's module is loaded gets the replacements, so that the explorer sees its accesses
 * too.
 */
import vm from 'node:vm'
import { actingController, installedController } from './controller.ts'
import { elementConstructors } from '../model/native.ts'
import type { Patches } from './patch.ts'

type Method = (...args: unknown[]) => unknown

/** The globals of which another realm must not have its own. */
const GLOBALS = [...elementConstructors.keys(), 'DataView', 'SharedArrayBuffer', 'Atomics', 'WebAssembly']

export function replaceRealms(patches: Patches): void {
  const { createContext, runInContext, Script } = vm
  const made = (object: unknown, options?: object): object => {
    const context = createContext(object as object, options)
    if (installedController() !== undefined) share(patches, context, runInContext)
    return context
  }
  const replace = (owner: object, name: string, call: (self: unknown, args: unknown[]) => unknown): void => {
    patches.replace(owner, name, function (this: unknown, ...args: unknown[]): unknown {
      actingController()?.refuse(
        `an actor used ${name} of node:vm: the explorer does not see what the code of another realm does to shared memory.`,
      )
      return call(this, args)
    })
  }
  const enter = Reflect.get(Script.prototype, 'runInContext') as Method
  replace(vm, 'createContext', (_, [object = {}, options]) => made(object, options as object))
  replace(vm, 'runInContext', (_, args) => (runInContext as Method)(...args))
  replace(vm, 'runInNewContext', (_, [code, object = {}, options]) =>
    runInContext(code as string, made(object, contextOptions(options)), options as object),
  )
  replace(Script.prototype, 'runInContext', (script, args) => enter.apply(script, args))
  replace(Script.prototype, 'runInNewContext', (script, [object = {}, options]) =>
    enter.call(script, made(object, contextOptions(options)), options),
  )
}

/** Gives the globals of this realm to another realm, except where the code that makes the realm has given its own. */
function share(patches: Patches, context: object, run: (code: string, context: object) => unknown): void {
  const define = run('(name, value) => Reflect.defineProperty(globalThis, name, value)', context) as Method
  for (const name of GLOBALS) {
    const value: unknown = Reflect.get(globalThis, name)
    if (value === undefined || Object.hasOwn(context, name)) continue
    define(name, { value, writable: true, configurable: true, enumerable: false })
    patches.onRestore(() => Reflect.deleteProperty(context, name))
  }
}

/** Returns those options of a run that concern the context which it makes. */
function contextOptions(options: unknown): object {
  const { contextName, contextOrigin, contextCodeGeneration, microtaskMode } = Object(options) as Record<
    string,
    unknown
  >
  const renamed = {
    name: contextName,
    origin: contextOrigin,
    codeGeneration: contextCodeGeneration,
    microtaskMode,
  }
  return Object.fromEntries(Object.entries(renamed).filter(([, value]) => value !== undefined))
}
