/**
 * `racelab/sync`: locks and other primitives over words of shared memory, built on Atomics.wait and Atomics.notify. README.md
 * lists them; each class carries its guarantee, states and invariants.
 */
export { RacelabError } from '../errors.ts'
export { type Attended, type Recoverable, attend } from './attend.ts'
export { Barrier } from './barrier.ts'
export { Condition } from './condition.ts'
export { Mutex } from './mutex.ts'
export { type Repairing, RobustMutex, type Taken } from './robust-mutex.ts'
export { RobustRwLock } from './robust-rw-lock.ts'
export { RwLock } from './rw-lock.ts'
export { Semaphore } from './semaphore.ts'
export { StartGate } from './start-gate.ts'
export {
  LockBusyError,
  NotOwnerError,
  NotRecoverableError,
  OverReleaseError,
  RelockError,
  SyncRangeError,
  ThreadError,
  TooManyArrivalsError,
  TooManyReadersError,
} from './errors.ts'
