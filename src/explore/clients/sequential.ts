/**
 * Sequential consistency, as L. Lamport defines it ("How to Make a Multiprocessor Computer That Correctly Executes
 * Multiprocess Programs", 1979): the calls of all threads can be put in one order that keeps the order of each thread,
 * and in which the model gives the same answers. When the calls were made does not matter.
 *
 * The parts of an object cannot be checked alone, because orders of the parts may not fit together. So the state is that
 * of all parts.
 */
import type { Operation } from '../../check/history.ts'
import type { Model } from '../../check/model.ts'

/** The states of the parts of an object, by their keys. */
type Whole = ReadonlyMap<string, unknown>

/**
 * Whether there is such an order that ends in a state in which each of `blocked` cannot return. `threads`: the
 * operations of each thread, in their order.
 */
export function isSequential(
  threads: readonly (readonly Operation[])[],
  model: Model,
  blocked: readonly Operation[] = [],
): boolean {
  const seen = new Map<string, Whole[]>()
  const search = (placed: readonly number[], state: Whole): boolean => {
    const key = placed.join()
    const known = seen.get(key) ?? []
    if (known.some((other) => isSame(model, state, other))) return false
    seen.set(key, [...known, state])
    if (threads.every(({ length }, index) => placed[index] === length)) {
      return blocked.every((operation) => after(model, state, operation).length === 0)
    }
    return threads.some((operations, thread) => {
      const operation = operations[placed[thread]!]
      if (operation === undefined) return false
      const next = placed.map((count, index) => (index === thread ? count + 1 : count))
      return after(model, state, operation).some((choice) => search(next, choice))
    })
  }
  return search(
    threads.map(() => 0),
    new Map(),
  )
}

/** Returns the states of the object after an operation. */
function after(model: Model, whole: Whole, operation: Operation): Whole[] {
  const key = model.partition?.(operation) ?? ''
  const before = whole.has(key) ? whole.get(key) : model.init()
  return model.step(before, operation).map((state) => new Map([...whole, [key, state]]))
}

/** Whether two states of the object are the same. A part that no operation has concerned is in its first state. */
function isSame(model: Model, one: Whole, other: Whole): boolean {
  const keys = new Set([...one.keys(), ...other.keys()])
  const part = (whole: Whole, key: string): unknown => (whole.has(key) ? whole.get(key) : model.init())
  return [...keys].every((key) => model.equal(part(one, key), part(other, key)))
}
