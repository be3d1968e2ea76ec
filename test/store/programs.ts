/** Random programs for threads that share a store and a few ids. */
import { fc } from '@fast-check/vitest'
import type { Operation } from './threads-model.jobs.ts'

const THREADS = 4
const MOST_OPERATIONS = 12

export interface Programs {
  readonly ids: readonly string[]
  /** The ids of the sessions that exist before the threads begin. */
  readonly opened: readonly string[]
  /** One for each thread. */
  readonly programs: readonly (readonly Operation[])[]
}

const key = fc.constantFrom('x', 'y', 'a longer key')
/** Narrow and wide texts, of all lengths with equal probability: a text that changes its length moves all texts after it. */
const text = fc.string({ unit: fc.constantFrom('1', 'ÿ', '語', '\ud83d'), maxLength: 30, size: 'max' })
const hours = fc.constantFrom(1, 100, Infinity)
const entries = fc.uniqueArray(fc.tuple(key, text), { maxLength: 2, selector: ([key]) => key })

/** An operation of a thread on an id, or on several. */
function operationOn(id: fc.Arbitrary<string>): fc.Arbitrary<Operation> {
  const ids = fc.array(id, { minLength: 1, maxLength: 4, size: 'max' })
  const change = fc.record(
    {
      unless: fc.oneof(key, fc.constant('a key that no session has')),
      drop: fc.subarray(['x', 'y']),
      put: entries,
      hours,
    },
    { requiredKeys: ['unless', 'drop', 'put'] },
  )
  const of = <Do extends string>(...kinds: Do[]) => fc.constantFrom(...kinds)
  return fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: of('create'), id, user: fc.constant(''), metadata: entries }) },
    { weight: 9, arbitrary: fc.record({ do: of('get', 'increment', 'delete'), id }) },
    { weight: 5, arbitrary: fc.record({ do: of('update'), id, key, value: text }) },
    { weight: 3, arbitrary: fc.record({ do: of('get key'), id, key }) },
    { weight: 3, arbitrary: fc.record({ do: of('get all', 'increment all'), ids }) },
    {
      weight: 3,
      arbitrary: fc
        .record({ ids, key, text })
        .map(({ ids, key, text }) => ({ do: 'update all' as const, ids, key, values: ids.map(() => text) })),
    },
    { weight: 3, arbitrary: fc.record({ do: of('change'), id, change }) },
    { weight: 2, arbitrary: fc.record({ do: of('touch'), id, hours }) },
    { weight: 3, arbitrary: fc.record({ do: of('clean up'), limit: fc.constantFrom(1, 256) }) },
    { weight: 2, arbitrary: fc.record({ do: of('list', 'count') }) },
  )
}

/** Marks every text that an operation writes with the operation, so that an overwritten text never equals the current one. */
function signed(operation: Operation, by: string): Operation {
  const sign = (entries: readonly (readonly [string, string])[]) =>
    entries.map(([key, text]) => [key, `${by} ${text}`] as const)
  switch (operation.do) {
    case 'create':
      return { ...operation, user: by, metadata: sign(operation.metadata) }
    case 'update':
      return { ...operation, value: `${by} ${operation.value}` }
    case 'update all':
      return { ...operation, values: operation.values.map((value, at) => `${by}.${at} ${value}`) }
    case 'change':
      return { ...operation, change: { ...operation.change, put: sign(operation.change.put) } }
    default:
      return operation
  }
}

export const programs: fc.Arbitrary<Programs> = fc
  .shuffledSubarray(['a', 'b', 'c', 'd', 'e', 'f', 'g'], { minLength: 1, maxLength: 3 })
  .chain((ids) => {
    const program = fc.array(operationOn(fc.constantFrom(...ids)), { maxLength: MOST_OPERATIONS, size: 'max' })
    return fc.record({
      ids: fc.constant(ids),
      opened: fc.subarray(ids),
      programs: fc.array(program, { minLength: THREADS, maxLength: THREADS }),
    })
  })
  .map(({ ids, opened, programs }) => ({
    ids,
    opened,
    programs: programs.map((program, thread) => program.map((operation, at) => signed(operation, `${thread}.${at}`))),
  }))
