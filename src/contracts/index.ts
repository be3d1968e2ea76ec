/**
 * The contracts of racelab's own primitives. The tests prove them, so that nobody has to wait for that. The methods with a timeout have no
 * contract: that a time has run out is one more thing that can happen at any step.
 */
import type { Contract } from '../contract.ts'
import { Barrier } from '../sync/barrier.ts'
import { Condition } from '../sync/condition.ts'
import { Mutex } from '../sync/mutex.ts'
import { RwLock } from '../sync/rw-lock.ts'
import { Semaphore } from '../sync/semaphore.ts'
import { StartGate } from '../sync/start-gate.ts'
import { barrierContract } from './barrier.ts'
import { conditionContract } from './condition.ts'
import { mutexContract } from './mutex.ts'
import type { Primitives, Words } from './primitives.ts'
import { rwLockContract } from './rw-lock.ts'
import { semaphoreContract } from './semaphore.ts'
import { startGateContract } from './start-gate.ts'

/** A contract, and for how many threads, each with how many calls of the counted methods, the tests prove it. */
export interface ProvedContract {
  readonly contract: Contract<Words>
  readonly proved: readonly { readonly threads: number; readonly calls: number }[]
}

/** Returns the contracts of primitives, with what is proved of racelab's own. A condition relies on the mutex. */
export function contractsOf(primitives: Primitives): readonly ProvedContract[] {
  return [
    { contract: mutexContract(primitives), proved: [{ threads: 4, calls: Infinity }] },
    { contract: rwLockContract(primitives), proved: [{ threads: 2, calls: 2 }] },
    { contract: semaphoreContract(primitives), proved: [{ threads: 3, calls: Infinity }] },
    {
      contract: conditionContract(primitives),
      proved: [
        { threads: 2, calls: 3 },
        { threads: 3, calls: 1 },
      ],
    },
    {
      contract: barrierContract(primitives),
      proved: [
        { threads: 3, calls: 3 },
        { threads: 4, calls: 1 },
      ],
    },
    { contract: startGateContract(primitives), proved: [{ threads: 3, calls: Infinity }] },
  ]
}

export const BUILT_IN = contractsOf({ Barrier, Condition, Mutex, RwLock, Semaphore, StartGate })
