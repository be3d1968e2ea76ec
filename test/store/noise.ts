/**
 * Noise: a thread sleeps before shared accesses that are chosen at random, so that other threads run in the middle of its
 * operations. Without noise, four threads on two cores would mostly run one after the other. After ConTest (O. Edelstein and
 * others, "Multithreaded Java program test generation", 2002).
 */
import { nativeAtomics } from '../../src/explore/model/native.ts'
import { beforeEachAccess } from './accesses.ts'

const nothing = new Int32Array(new SharedArrayBuffer(4))

/** Runs the act with a sleep before one in `oneIn` accesses. The act must make its views of shared memory itself. */
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
