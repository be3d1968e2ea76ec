/**
 * Puts the explorer between the code and the globals, and takes it away again. Code that runs in between, and modules that
 * are loaded in between, see the replaced ones; when nobody is being watched they do what they always did.
 */
import { syncBuiltinESMExports } from 'node:module'
import { Kind } from '../model/access.ts'
import { perform } from '../model/perform.ts'
import { Refusal } from '../model/refusal.ts'
import { controlledAtomics } from './atomics.ts'
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

/** Replaces the globals until the returned function is called. Nested calls share one set of replacements. */
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
  // Named imports from Node's modules follow the module objects only when told to: after the last that is put back, too.
  patches.onRestore(syncBuiltinESMExports)
  for (const [name, method] of controlledAtomics()) patches.replace(Atomics, name, method)
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

/** Watches nobody, but lets views of shared memory come out as proxies: for loading a scenario's module. */
const idle: Controller = {
  watching: false,
  acting: false,
  access: (kind, view, index, first, second) => {
    if (kind === Kind.WAIT) return nativeAtomics.wait(view.raw, index, first, second as number)
    if (kind === Kind.NOTIFY) return nativeAtomics.notify(view.raw, index, first as number)
    return perform(kind, view, index, first, second)
  },
  local: (what) => {
    throw new Error(`nobody is watched who could ask for ${what}`)
  },
  view: (_native, _args, make) => make(),
  refuse: (message) => {
    throw new Refusal(message)
  },
  object: () => {},
}

/** Watches no actor, but tells of each access through a proxy: for the time after an exploration. */
export function installAfterwards(tell: (...access: Parameters<Controller['access']>) => void): () => void {
  return install({
    ...idle,
    access: (...access) => {
      tell(...access)
      return idle.access(...access)
    },
  })
}

/** Loads a module whose own views, and whose own copies of Atomics' methods, are to be seen when it is explored. */
export async function loadUnderControl<Module>(
  load: () => Promise<Module>,
): Promise<{ module: Module; release: () => void }> {
  const release = install(idle)
  try {
    return { module: await load(), release }
  } catch (error) {
    release()
    throw error
  }
}
