/**
 * The replacements for WebAssembly, which reads and writes shared memory unseen. An actor may not compile or
 * instantiate it, make a shared WebAssembly memory, or call a function of an instance that may share memory. Outside of
 * actors WebAssembly works normally, with one difference: the functions that such an instance exports are guarded, so
 * that an actor that calls one is refused.
 */
import { actingController, watcher } from './controller.ts'
import { isSharedBuffer, isWebAssemblyMemory, NativeWebAssembly } from '../model/native.ts'
import type { Patches } from './patch.ts'

type Method = (...args: unknown[]) => unknown
type Class = new (...args: unknown[]) => object

const UNSEEN =
  'the explorer does not see what WebAssembly does to shared memory. Let the actor do the same in JavaScript.'

/** Whether an instance was given shared memory. An instance that was made before the exploration has no entry. */
const sharing = new WeakMap<object, boolean>()
/** The guarded exports of each instance. */
const guardedExports = new WeakMap<object, object>()
/** The real function behind each guard. */
const realFunctions = new WeakMap<object, unknown>()

export function replaceWebAssembly(patches: Patches): void {
  const { Memory, Table, Instance } = NativeWebAssembly
  for (const name of ['Module', 'Instance', 'Memory'] as const) replaceClass(patches, name)
  for (const name of ['compile', 'compileStreaming', 'instantiate', 'instantiateStreaming']) replaceMaker(patches, name)
  patches.replaceGetter(Instance.prototype, 'exports', (native) => {
    return function (this: object): object {
      return exportsOf(this, native.call(this) as Record<string, unknown>)
    }
  })
  replaceMethod(patches, Memory.prototype, 'grow', (native, memory, args) => {
    if (isSharedMemory(memory))
      watcher()?.refuse('WebAssembly.Memory.prototype.grow is not supported: allocate the memory at its full size.')
    return native.apply(memory, args)
  })
  replaceMethod(patches, Table.prototype, 'get', (native, table, args) => guarded(native.apply(table, args)))
  for (const name of ['set', 'grow'] as const) {
    replaceMethod(patches, Table.prototype, name, (native, table, args) => native.apply(table, args.map(real)))
  }
}

function refuse(name: string): void {
  actingController()?.refuse(`an actor used WebAssembly.${name}: ${UNSEEN}`)
}

function replaceClass(patches: Patches, name: 'Module' | 'Instance' | 'Memory'): void {
  const native = NativeWebAssembly[name] as Class
  const replaced: Class = new Proxy(native, {
    construct: (_, args: unknown[], target) => {
      if (name !== 'Memory' || Reflect.get(Object(args[0]) as object, 'shared') === true) refuse(name)
      const made = Reflect.construct(native, args, target === replaced ? native : target) as object
      if (name === 'Instance') sharing.set(made, includesSharedMemory(args[1]))
      return made
    },
  })
  patches.replace(NativeWebAssembly, name, replaced)
}

/** Replaces a function that makes instances or modules asynchronously. */
function replaceMaker(patches: Patches, name: string): void {
  const native = Reflect.get(NativeWebAssembly, name) as ((...args: unknown[]) => Promise<object>) | undefined
  if (native === undefined) return
  patches.replace(NativeWebAssembly, name, (...args: unknown[]): unknown => {
    refuse(name)
    const shares = includesSharedMemory(args[1])
    return native(...args).then((made) => {
      const instance = 'instance' in made ? (made.instance as object) : made
      sharing.set(instance, shares)
      return made
    })
  })
}

function replaceMethod(
  patches: Patches,
  owner: object,
  name: string,
  call: (native: Method, self: object, args: unknown[]) => unknown,
): void {
  const native = Reflect.get(owner, name) as Method
  patches.replace(owner, name, function (this: object, ...args: unknown[]): unknown {
    return call(native, this, args)
  })
}

/** Whether imports include a shared memory. */
function includesSharedMemory(imports: unknown): boolean {
  return partsOf(imports).some((module) => partsOf(module).some(isSharedMemory))
}

function partsOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : []
}

function isSharedMemory(value: unknown): boolean {
  return isWebAssemblyMemory(value) && isSharedBuffer(value.buffer)
}

function exportsOf(instance: object, exported: Record<string, unknown>): object {
  if (sharing.get(instance) === false && !Object.values(exported).some(isSharedMemory)) return exported
  const known = guardedExports.get(instance)
  if (known !== undefined) return known
  const copy = Object.create(null) as Record<string, unknown>
  for (const [name, value] of Object.entries(exported)) copy[name] = guarded(value, name)
  guardedExports.set(instance, Object.freeze(copy))
  return copy
}

function guarded(value: unknown, name = 'a function of a table'): unknown {
  if (typeof value !== 'function') return value
  const guard = new Proxy(value as Method, {
    apply: (native, self, args: unknown[]): unknown => {
      actingController()?.refuse(`an actor called ${name} of a WebAssembly instance: ${UNSEEN}`)
      return Reflect.apply(native, self, args)
    },
  })
  realFunctions.set(guard, value)
  return guard
}

function real(value: unknown): unknown {
  return typeof value === 'function' ? (realFunctions.get(value) ?? value) : value
}
