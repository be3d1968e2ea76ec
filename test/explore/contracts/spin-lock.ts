/** A lock that spins, of somebody else, and a contract for it. */
import { models } from '../../../src/check/index.ts'
import type { Contract, ContractClient } from '../../../src/contract.ts'

export class SpinLock {
  readonly words: Int32Array
  readonly at: number

  constructor(words: Int32Array, at = 0) {
    this.words = words
    this.at = at
  }

  lock(): void {
    while (Atomics.compareExchange(this.words, this.at, 0, 1) !== 0);
  }

  unlock(): void {
    Atomics.store(this.words, this.at, 0)
  }
}

export function contractOf(of: typeof SpinLock, parts: Partial<Contract<Int32Array>> = {}): Contract<Int32Array> {
  return {
    of,
    name: of.name,
    methods: { lock: 'before', unlock: 'never' },
    pairs: { lock: 'takes', unlock: 'gives' },
    clients: () => [clientOf(of)],
    ...parts,
  }
}

export function clientOf(
  of: typeof SpinLock,
  parts: Partial<ContractClient<Int32Array>> = {},
): ContractClient<Int32Array> {
  return {
    memory: () => new Int32Array(new SharedArrayBuffer(4)),
    operations: {
      lock: (words) => new of(words).lock(),
      unlock: (words) => new of(words).unlock(),
    },
    blocking: ['lock'],
    model: models.mutex,
    ...parts,
  }
}
