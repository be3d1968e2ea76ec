/** Histories: what concurrent processes asked of one object, and what it answered. */
import { isDeepStrictEqual } from 'node:util'

/** A call of a process, with its answer. */
export interface Operation {
  /** The thread, client or connection that made the call. A process makes one call after another. */
  readonly process: number | string
  /** The name of the operation, such as `push`. */
  readonly f: string
  /** What was passed to it. */
  readonly input?: unknown
  /** What it returned. Means nothing if `unknown` is true. */
  readonly output?: unknown
  /** Whether it is unknown if the operation took effect and what it returned. Default: false. */
  readonly unknown?: boolean
  /**
   * When it was called. Any unit, as long as all times of a history come from one clock, such as a counter of the calls
   * and returns. A process makes a call later than its last one has returned. Two operations of different processes with
   * a time in common overlap.
   */
  readonly called: number
  /** When it returned; Infinity if it never did. */
  readonly returned: number
}

/** The operations of all processes, in any order. */
export type History = readonly Operation[]

/** Returns an operation as text: `push(1)`, or `pop() = 1` with its answer. */
export function textOf({ f, input, output, unknown = false }: Operation): string {
  const asked =
    input === undefined || input === null
      ? ''
      : Array.isArray(input)
        ? input.map(valueText).join(', ')
        : valueText(input)
  const call = `${f}(${asked})`
  // A history may repeat the input in place of an answer, as Jepsen's do.
  const isSilent = unknown || output === undefined || (input !== null && isDeepStrictEqual(output, input))
  return isSilent ? call : `${call} = ${valueText(output)}`
}

/** Returns an operation as text, with its process: `pop() = 1 of bob`, or `pop() = 1 of process 3`. */
export function textWithProcess(operation: Operation): string {
  const { process } = operation
  return `${textOf(operation)} of ${typeof process === 'number' ? `process ${process}` : process}`
}

/** Returns a value as text. */
export function valueText(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof Map) return valueText([...value])
  if (value instanceof Set) return valueText([...value])
  return JSON.stringify(value) ?? String(value)
}
