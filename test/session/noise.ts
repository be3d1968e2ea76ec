/**
 * Noise: a thread that sleeps before shared accesses, drawn by lot, and so in the middle of operations, where others come in
 * between. On two cores four threads would else come one after the other. After ConTest (O. Edelstein and others,
 * "Multithreaded Java program test generation", 2002).
 */
import { Kind } from '../../src/explore/access.ts'
import type { Controller } from '../../src/explore/control/controller.ts'
import { install } from '../../src/explore/control/install.ts'
import { nativeAtomics } from '../../src/explore/control/native.ts'
import { perform } from '../../src/explore/perform.ts'

const nothing = new Int32Array(new SharedArrayBuffer(4))

/**
 * Does something with a sleep before one in so many accesses. Views of shared memory are to be made within: the explorer
 * lets its controller know of every access through such a view, also the plain ones.
 */
export function withNoise<Result>(random: () => number, oneIn: number, act: () => Result): Result {
  const controller: Controller = {
    watching: false,
    access(kind, view, index, a, b) {
      if (random() * oneIn < 1) nativeAtomics.wait(nothing, 0, 0, 0.01)
      if (kind === Kind.WAIT) return nativeAtomics.wait(view.raw, index, a, b as number)
      if (kind === Kind.NOTIFY) return nativeAtomics.notify(view.raw, index, a as number)
      return perform(kind, view, index, a, b)
    },
    view: (_native, _args, make) => make(),
    // Nobody is watched, so that nobody asks for these.
    local: unasked,
    refuse: unasked,
  }
  const release = install(controller)
  try {
    return act()
  } finally {
    release()
  }
}

function unasked(what: string): never {
  throw new Error(what)
}
