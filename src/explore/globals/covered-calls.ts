/** Replaces the methods of classes that have a contract, so that the controller is told where their calls begin and end. */
import type { CoveredMethod } from '../model/covered-method.ts'
import { installedController } from './controller.ts'
import { Patches } from './patch.ts'

type Method = (this: object, ...args: unknown[]) => unknown

/** A class with the methods that its contract covers. */
export interface CoveredClass {
  readonly prototype: object
  readonly methods: readonly CoveredMethod[]
}

/** Replaces the methods until the returned function is called. */
export function replaceCoveredMethods(classes: readonly CoveredClass[]): () => void {
  const patches = new Patches()
  for (const { prototype, methods } of classes) {
    for (const method of methods) {
      const original = Reflect.get(prototype, method.name) as Method
      patches.replace(prototype, method.name, covered(method, original))
    }
  }
  return () => patches.restore()
}

function covered(method: CoveredMethod, original: Method): Method {
  // run/positions.ts knows its frames by this name.
  return function coveredCall(this: object, ...args) {
    const controller = installedController()
    const call = controller?.watching === true ? controller.coveredCallBegins?.(method, this) : undefined
    if (call === undefined) return original.apply(this, args)
    let output: unknown
    let threw = true
    try {
      output = original.apply(this, args)
      threw = false
      return output
    } finally {
      controller!.coveredCallEnds?.(call, output, threw)
    }
  }
}
