/** Locks that fail at their third try, and count their tries in places that are hard to see. */
import { models } from '../../../src/check/index.ts'
import type { Contract } from '../../../src/contract.ts'
import { prove } from '../../../src/explore/contracts/proof/prove.ts'
import type { Proof } from '../../../src/explore/contracts/proof/proof.ts'

abstract class SpinLock {
  readonly words: Int32Array

  constructor(words: Int32Array) {
    this.words = words
  }

  abstract lock(): void

  unlock(): void {
    Atomics.store(this.words, 0, 0)
  }

  protected try(): boolean {
    return Atomics.compareExchange(this.words, 0, 0, 1) === 0
  }
}

/** Looks at a word that is always 0. */
export function look(words: Int32Array): number {
  return Atomics.load(words, 1)
}

/** Its third call takes nothing. */
export class ThirdCall extends SpinLock {
  readonly #count: () => number

  /** `count` returns the number of its calls. */
  constructor(words: Int32Array, count: () => number) {
    super(words)
    this.#count = count
  }

  lock(): void {
    if (this.#count() === 3) return
    while (!this.try());
  }
}

/** A call takes nothing if it fails to take the lock three times. */
export class ThirdRound extends SpinLock {
  readonly #next: (take: () => number, words: Int32Array) => number

  /** `next` returns what `take` does, which is one more than `next` has returned last. No variable holds it meanwhile. */
  constructor(words: Int32Array, next: (take: () => number, words: Int32Array) => number) {
    super(words)
    this.#next = next
  }

  lock(): void {
    let round = 0
    const take = (): number => {
      const next = round + 1
      round = 0
      return next
    }
    while (!this.try()) {
      round = this.#next(take, this.words)
      if (round === 3) return
    }
  }
}

interface Memory {
  readonly words: Int32Array
  lock?: SpinLock
}

/** Tries to prove that a lock is a mutex for two threads. `make` makes a thread's own object for it. */
export function proofOf(of: typeof ThirdCall | typeof ThirdRound, make: (words: Int32Array) => SpinLock): Proof {
  const lockOf = (memory: Memory): SpinLock => (memory.lock ??= make(memory.words))
  const contract: Contract<Memory> = {
    of,
    name: of.name,
    methods: { lock: 'before', unlock: 'never' },
    pairs: { lock: 'takes', unlock: 'gives' },
    clients: () => [
      {
        memory: () => ({ words: new Int32Array(new SharedArrayBuffer(8)) }),
        operations: { lock: (memory) => lockOf(memory).lock(), unlock: (memory) => lockOf(memory).unlock() },
        blocking: ['lock'],
        model: models.mutex,
      },
    ],
  }
  // If no two states are taken for one, there is no end of states.
  return prove(contract, { threads: 2, mostStates: of === ThirdCall ? 60 : 200 })
}
