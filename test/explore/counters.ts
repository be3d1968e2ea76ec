/** Parts that many tests of the explorer use. */
import type { Scenario } from '../../src/scenario.ts'
import { Mutex } from '../../src/sync/index.ts'

export const words =
  (length = 4) =>
  (): Int32Array =>
    new Int32Array(new SharedArrayBuffer(4 * length))

/** Returns a scenario over four words, with the given actors and other properties. */
export function over(
  actors: Record<string, (words: Int32Array) => unknown>,
  rest: Partial<Scenario<Int32Array>> = {},
): Scenario {
  return { name: 'test', memory: words(), actors, ...rest }
}

/** The three-state futex mutex, at a word of the memory. After U. Drepper, "Futexes Are Tricky". */
export function lock(memory: Int32Array, at: number): void {
  if (Atomics.compareExchange(memory, at, 0, 1) === 0) return
  while (Atomics.exchange(memory, at, 2) !== 0) Atomics.wait(memory, at, 2)
}

export function unlock(memory: Int32Array, at: number): void {
  if (Atomics.exchange(memory, at, 0) === 2) Atomics.notify(memory, at, 1)
}

export function casIncrement(memory: Int32Array): void {
  for (;;) {
    const seen = Atomics.load(memory, 0)
    if (Atomics.compareExchange(memory, 0, seen, seen + 1) === seen) return
  }
}

export function lockedIncrement(memory: Int32Array): void {
  lock(memory, 1)
  Atomics.store(memory, 0, Atomics.load(memory, 0) + 1)
  unlock(memory, 1)
}

/** Holds the lock for each access, but not for the two together. */
export function splitIncrement(memory: Int32Array): void {
  lock(memory, 1)
  const seen = Atomics.load(memory, 0)
  unlock(memory, 1)
  lock(memory, 1)
  Atomics.store(memory, 0, seen + 1)
  unlock(memory, 1)
}

/** As `splitIncrement`, with the mutex of the library. */
export function readReleaseWrite(memory: Int32Array): void {
  const mutex = new Mutex(memory, 1)
  mutex.lock()
  const seen = Atomics.load(memory, 0)
  mutex.unlock()
  mutex.lock()
  Atomics.store(memory, 0, seen + 1)
  mutex.unlock()
}

export const nth = (
  count: number,
  act: (words: Int32Array) => unknown,
): Record<string, (words: Int32Array) => unknown> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`actor${index}`, act]))
