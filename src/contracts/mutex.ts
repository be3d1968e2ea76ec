/** The contract of the mutex. */
import type { Contract } from '../contract.ts'
import { modelOf, returning, words } from './primitives.ts'
import type { Primitives, Steps, Words } from './primitives.ts'

const MUTEX_STEPS: Steps<number> = {
  lock: (holder, { process }) => (holder === 0 ? [process as number] : []),
  tryLock: (holder, operation) =>
    holder === 0 ? returning(operation.process as number, true, operation) : returning(holder, false, operation),
  unlock: (holder, { process }) => (holder === process ? [0] : []),
  owner: (holder, operation) => returning(holder, holder, operation),
}

export function mutexContract({ Mutex }: Primitives): Contract<Words> {
  return {
    of: Mutex,
    name: 'Mutex',
    pairs: { lock: 'takes', tryLock: 'takes', unlock: 'gives' },
    methods: { lock: 'before', tryLock: 'never', unlock: 'never', owner: 'never' },
    clients: () => [
      {
        memory: words(Mutex.WORDS),
        operations: {
          lock: (memory) => new Mutex(memory, 0).lock(),
          tryLock: (memory) => new Mutex(memory, 0).tryLock(),
          unlock: (memory) => new Mutex(memory, 0).unlock(),
          owner: (memory) => new Mutex(memory, 0).owner(),
        },
        blocking: ['lock'],
        model: modelOf('mutex', 0, MUTEX_STEPS),
      },
    ],
  }
}
