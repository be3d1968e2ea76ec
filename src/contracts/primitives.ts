/** What the contracts of racelab's primitives have in common. */
import type { Operation } from '../check/history.ts'
import type { Model } from '../check/model.ts'
import type { Barrier } from '../sync/barrier.ts'
import type { Condition } from '../sync/condition.ts'
import type { Mutex } from '../sync/mutex.ts'
import type { RwLock } from '../sync/rw-lock.ts'
import type { Semaphore } from '../sync/semaphore.ts'
import type { StartGate } from '../sync/start-gate.ts'

/** The classes. The tests also make contracts of classes that are wrong. */
export interface Primitives {
  readonly Barrier: typeof Barrier
  readonly Condition: typeof Condition
  readonly Mutex: typeof Mutex
  readonly RwLock: typeof RwLock
  readonly Semaphore: typeof Semaphore
  readonly StartGate: typeof StartGate
}

export type Words = Int32Array

/** What each operation, or part of one, does to a state. */
export type Steps<State> = { readonly [f: string]: (state: State, operation: Operation) => readonly State[] }

/** Returns a function that makes fresh words. */
export function words(count: number): () => Words {
  return () => new Int32Array(new SharedArrayBuffer(4 * count))
}

export function modelOf<State>(name: string, init: State, steps: Steps<State>): Model<State> {
  return {
    name,
    init: () => init,
    step: (state, operation) => steps[operation.f]!(state, operation),
    equal: (one, other) => JSON.stringify(one) === JSON.stringify(other),
  }
}

/** Returns the state if the operation returned this. */
export function returning<State>(state: State, value: unknown, { output, unknown = false }: Operation): State[] {
  return unknown || output === value ? [state] : []
}

/** Returns threads in one order, so that equal states are one. */
export function inOrder(threads: readonly number[]): readonly number[] {
  return threads.toSorted((one, other) => one - other)
}
