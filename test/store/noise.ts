/**
 * Noise: a thread that sleeps before shared accesses, drawn by lot, and so in the middle of operations, where others come in
 * between. On two cores four threads would else come one after the other. After ConTest (O. Edelstein and others,
 * "Multithreaded Java program test generation", 2002).
 */
import { nativeAtomics } from '../../src/explore/model/native.ts'
import { beforeEachAccess } from './accesses.ts'

const nothing = new Int32Array(new SharedArrayBuffer(4))

/** Does something with a sleep before one in so many accesses. Views of shared memory are to be made within. */
export function withNoise<Result>(random: () => number, oneIn: number, act: () => Result): Result {
  const release = beforeEachAccess(() => {
    if (random() * oneIn < 1) nativeAtomics.wait(nothing, 0, 0, 0.01)
  })
  try {
    return act()
  } finally {
    release()
  }
}
