/**
 * Replaces the globals and puts them back. Code that runs in between, and modules that are loaded in between, get the
 * replacements. While no code of a scenario runs, the replacements do what the originals do, except that views of
 * shared memory are made as proxies.
 */
import { syncBuiltinESMExports } from 'node:module'
import { Kind } from '../model/access.ts'
import { perform } from '../model/perform.ts'
import { Refusal } from '../model/refusal.ts'
import { replacedAtomics } from './atomics.ts'
import { replaceBufferMethods } from './buffers.ts'
import { replaceByteTexts } from './byte-texts.ts'
import { replaceConstructors } from './constructors.ts'
import { installedController, setController } from './controller.ts'
import type { Controller } from './controller.ts'
import { replaceDataViewMethods } from './data-views.ts'
import { replaceEffects } from './effects.ts'
import { replaceInspection } from './inspection.ts'
import { replaceLocals } from './locals.ts'
import { nativeAtomics } from '../model/native.ts'
import { replaceNodeFunctions } from './node-functions.ts'
import { Patches } from './patch.ts'
import { replaceRealms } from './realms.ts'
import { replaceReflection } from './reflection.ts'
import { replaceTypedArrayMethods } from './typed-arrays.ts'
import { replaceWebAssembly } from './web-assembly.ts'

let installed: Patches | undefined

/**
 * Replaces the globals until the returned function is called, and installs `controller`, which is told of each access.
 * Nested calls share one set of replacements.
 */
export function install(controller: Controller): () => void {
  const outermost = installed === undefined
  if (installed === undefined) {
    installed = new Patches()
    replaceAll(installed)
  }
  const before = installedController()
  setController(controller)
  return () => {
    setController(before)
    if (!outermost) return
    installed?.restore()
    installed = undefined
  }
}

function replaceAll(patches: Patches): void {
  // A named import from one of Node's modules changes only when syncBuiltinESMExports is called. So it is called after
  // all replacements, and again after the last original is put back.
  patches.onRestore(syncBuiltinESMExports)
  for (const [name, method] of replacedAtomics()) patches.replace(Atomics, name, method)
  replaceConstructors(patches)
  replaceTypedArrayMethods(patches)
  replaceByteTexts(patches)
  replaceDataViewMethods(patches)
  replaceBufferMethods(patches)
  replaceReflection(patches)
  replaceInspection(patches)
  replaceNodeFunctions(patches)
  replaceWebAssembly(patches)
  replaceRealms(patches)
  replaceLocals(patches)
  replaceEffects(patches)
  syncBuiltinESMExports()
}

/**
 * The controller while no actor runs: a module is loaded, or an exploration is over. It carries out each access at
 * once, but views of shared memory come out as proxies.
 */
const directController: Controller = {
  watching: false,
  acting: false,
  access: (kind, view, index, first, second) => {
    if (kind === Kind.WAIT) return nativeAtomics.wait(view.raw, index, first, second as number)
    if (kind === Kind.NOTIFY) return nativeAtomics.notify(view.raw, index, first as number)
    return perform(kind, view, index, first, second)
  },
  local: (what) => {
    throw new Error(`${what} was asked for, but no actor runs`)
  },
  refuse: (message) => {
    throw new Refusal(message)
  },
  refuseLater: () => {},
}

/**
 * Replaces the globals for the time after an exploration, until the returned function is called. Calls `tell` before
 * each access through a proxy, then carries the access out.
 */
export function installAfterwards(tell: (...access: Parameters<Controller['access']>) => void): () => void {
  return install({
    ...directController,
    access: (...access) => {
      tell(...access)
      return directController.access(...access)
    },
  })
}

/** Calls `work` with the globals replaced, and returns its result. Explorations within it need not replace them again. */
export function withGlobalsReplaced<Result>(work: () => Result): Result {
  const release = install(directController)
  try {
    return work()
  } finally {
    release()
  }
}

let loaded = 0

/** Whether the code under test was loaded while the globals were replaced, so that all its copies are replacements. */
export function copiesAreReplaced(): boolean {
  return loaded > 0
}

/**
 * Loads a module while the globals are replaced, so that the explorer sees the module's own views and its own copies of
 * the methods of Atomics. The globals stay replaced until `release` is called. If loading fails, they are put back.
 */
export async function loadWithGlobalsReplaced<Module>(
  load: () => Promise<Module>,
): Promise<{ module: Module; release: () => void }> {
  const restore = install(directController)
  loaded++
  const release = (): void => {
    loaded--
    restore()
  }
  try {
    return { module: await load(), release }
  } catch (error) {
    release()
    throw error
  }
}
