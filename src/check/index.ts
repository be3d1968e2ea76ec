/**
 * `racelab/check`: checks recorded histories of operations against a sequential model: whether they are linearizable.
 */
export { RacelabError } from '../errors.ts'
export { checkLinearizable } from './check-linearizable.ts'
export type { Check, LinearizabilityFailure, CheckOptions } from './check-linearizable.ts'
export { HistoryError, ModelError } from './errors.ts'
export { textOf } from './history.ts'
export type { History, Operation } from './history.ts'
export { historyFromJsonLines } from './json-lines.ts'
export type { Model } from './model.ts'
export { map, queue, queueOf, set, stack, stackOf } from './models/collections.ts'
export { models } from './models/index.ts'
export { mutex, semaphore, semaphoreOf } from './models/locks.ts'
export { casRegister, counter, register } from './models/registers.ts'
