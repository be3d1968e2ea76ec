/** The calls that a scenario's clients can make: each operation with each of its arguments. */
import { valueText } from '../../check/history.ts'
import type { Operation } from '../../check/history.ts'
import type { OperationsScenario } from '../../scenario.ts'

/** A call of an operation. */
export interface Call {
  /** The name of the operation. */
  readonly f: string
  readonly values: readonly unknown[]
  /** The call as a report shows it: `push(1)`. */
  readonly text: string
}

/** Returns the calls, in the order of the operations and of the arguments. */
export function callsOf({ operations, arguments: given = {} }: OperationsScenario): readonly Call[] {
  return Object.keys(operations).flatMap((f) => {
    const tuples = Object.hasOwn(given, f) ? given[f]!.map(valuesOf) : [[]]
    return tuples.map((values): Call => ({ f, values, text: `${f}(${values.map(valueText).join(', ')})` }))
  })
}

/** Returns whether threads with these calls are a client of the scenario; undefined if all are. */
export function isClientOf(
  scenario: OperationsScenario,
): ((threads: readonly (readonly number[])[]) => boolean) | undefined {
  const { callers } = scenario
  if (callers === undefined) return undefined
  const names = callsOf(scenario).map(({ f }) => f)
  return (threads) =>
    Object.entries(callers).every(
      ([f, most]) => threads.filter((calls) => calls.some((call) => names[call] === f)).length <= most,
    )
}

function valuesOf(entry: unknown): readonly unknown[] {
  return Array.isArray(entry) ? (entry as unknown[]) : [entry]
}

/** Returns the input of an operation of a history: the argument, or an array of several. */
export function inputOf({ values }: Call): Pick<Operation, 'input'> {
  if (values.length === 0) return {}
  return { input: values.length === 1 ? values[0] : values }
}
