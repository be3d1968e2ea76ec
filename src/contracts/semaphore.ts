/** The contract of the semaphore. */
import type { Contract, ContractClient } from '../contract.ts'
import { modelOf, returning, words } from './primitives.ts'
import type { Primitives, Words } from './primitives.ts'

export function semaphoreContract({ Semaphore }: Primitives): Contract<Words> {
  return {
    of: Semaphore,
    name: 'Semaphore',
    methods: { acquire: 'before', tryAcquire: 'never', release: 'never', available: 'never' },
    clients: (threads) =>
      Array.from({ length: Math.max(1, threads - 1) }, (_, index) => semaphoreClient(Semaphore, index + 1)),
  }
}

function semaphoreClient(Semaphore: Primitives['Semaphore'], permits: number): ContractClient<Words> {
  return {
    memory: words(Semaphore.WORDS),
    operations: {
      acquire: (memory) => new Semaphore(memory, 0, permits).acquire(),
      tryAcquire: (memory) => new Semaphore(memory, 0, permits).tryAcquire(),
      release: (memory, count: number) => new Semaphore(memory, 0, permits).release(count),
      available: (memory) => new Semaphore(memory, 0, permits).available(),
    },
    arguments: { release: permits === 1 ? [1] : [1, 2] },
    blocking: ['acquire'],
    model: modelOf('semaphore', permits, {
      acquire: (free) => (free > 0 ? [free - 1] : []),
      tryAcquire: (free, operation) =>
        free > 0 ? returning(free - 1, true, operation) : returning(free, false, operation),
      release: (free, { input }) => (free + (input as number) <= permits ? [free + (input as number)] : []),
      available: (free, operation) => returning(free, free, operation),
    }),
  }
}
