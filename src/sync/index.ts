/**
 * `racelab/sync`: locks and other primitives over words of shared memory, built on Atomics.wait and Atomics.notify. README.md
 * lists them; each class carries its guarantee, states and invariants.
 */
export { RacelabError } from '../errors.ts'
export { Barrier } from './barrier.ts'
export { Condition } from './condition.ts'
export { Mutex } from './mutex.ts'
export { RwLock } from './rw-lock.ts'
export { Semaphore } from './semaphore.ts'
export { StartGate } from './start-gate.ts'
export { NotOwnerError, OverReleaseError, RelockError, SyncRangeError, TooManyArrivalsError } from './errors.ts'
