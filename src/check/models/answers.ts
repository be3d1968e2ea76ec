import { isDeepStrictEqual } from 'node:util'
import { ModelError } from '../errors.ts'
import type { Operation } from '../history.ts'

/** Whether two values are the same, or have the same content. */
export function isSame(one: unknown, other: unknown): boolean {
  // Most values are numbers, for which this is many times faster.
  return Object.is(one, other) || (typeof one === 'object' && isDeepStrictEqual(one, other))
}

/** Whether an operation can have had this answer. Null and undefined are the same: JSON has only null. */
export function answers({ output, unknown = false }: Operation, value: unknown): boolean {
  return unknown || isSame(output ?? null, value ?? null)
}

/**
 * Whether an operation that need not have an answer can have had this one. It has none if its output is null, or repeats
 * its input, as Jepsen's histories do.
 */
export function maySay(operation: Operation, value: unknown): boolean {
  const { input, output } = operation
  return (output ?? null) === null || isSame(output, input) || answers(operation, value)
}

/** Refuses an operation that a model does not have. */
export function unknownOperation(model: string, { f }: Operation, known: readonly string[]): never {
  throw new ModelError(`The model ${model} has no operation ${JSON.stringify(f)}: it has ${known.join(', ')}.`)
}
