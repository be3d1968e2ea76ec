/**
 * Lets a test in before every access to shared memory, the plain ones too: the explorer's stand-ins for views tell its
 * controller of each, and here the controller tells the test, and then carries the access out.
 */
import { Kind } from '../../src/explore/model/access.ts'
import type { Controller } from '../../src/explore/control/controller.ts'
import { install } from '../../src/explore/control/install.ts'
import { nativeAtomics } from '../../src/explore/model/native.ts'
import { perform } from '../../src/explore/model/perform.ts'

/**
 * Calls `before` before each access, until the returned function is called. Seen are accesses through views that are made
 * meanwhile, or in another such time; and they are of use only then.
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
    view: (_native, _args, make) => make(),
    // Nobody is watched, so that nobody asks for these.
    local: unasked,
    refuse: unasked,
    refuseLater: unasked,
  }
  return install(controller)
}

function unasked(what: string): never {
  throw new Error(what)
}
