/**
 * Calls a test's function before every access to shared memory, plain accesses included. The explorer's stand-ins for views pass
 * each access to a controller; the controller here calls the test and then performs the access.
 */
import { Kind } from '../../src/explore/model/access.ts'
import type { Controller } from '../../src/explore/globals/controller.ts'
import { install } from '../../src/explore/globals/install.ts'
import { nativeAtomics } from '../../src/explore/model/native.ts'
import { perform } from '../../src/explore/model/perform.ts'

/**
 * Calls `before` before each access, until the returned function is called. Only accesses through views that were made while such a
 * call was in effect are seen. Such a view must be used only while a call is in effect.
 */
export function beforeEachAccess(before: (kind: Kind) => void): () => void {
  const controller: Controller = {
    watching: false,
    acting: false,
    access(kind, view, index, first, second) {
      before(kind)
      if (kind === Kind.WAIT) return nativeAtomics.wait(view.raw, index, first, second as number)
      if (kind === Kind.NOTIFY) return nativeAtomics.notify(view.raw, index, first as number)
      return perform(kind, view, index, first, second)
    },
    // No code is watched, so these are not called.
    local: unasked,
    refuse: unasked,
    refuseLater: unasked,
  }
  return install(controller)
}

function unasked(what: string): never {
  throw new Error(what)
}
