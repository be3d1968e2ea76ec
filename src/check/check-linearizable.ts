import { HistoryError } from './errors.ts'
import type { History, Operation } from './history.ts'
import { textOf, textWithProcess, valueText } from './history.ts'
import type { Model } from './model.ts'
import { longestPrefix } from './longest-prefix.ts'
import type { LongestPrefix } from './longest-prefix.ts'
import { search } from './search.ts'
import type { GiveUp } from './search.ts'

/** The bounds of a check. */
export interface CheckOptions {
  /** The time limit in seconds. Default: 60. */
  readonly timeout?: number
  /** How many positions the search may remember, over all parts. Each takes some 100 bytes. Default: 10,000,000. */
  readonly maxPositions?: number
}

/** What a check has found. */
export interface Check {
  /** `unknown`: a bound was reached. */
  readonly verdict: 'linearizable' | 'not-linearizable' | 'unknown'
  /** The number of operations. */
  readonly operations: number
  /** The number of parts that were checked alone. */
  readonly partitions: number
  /** If linearizable: for each part an order of its operations that explains their answers. */
  readonly linearization?: ReadonlyMap<string, readonly Operation[]>
  readonly failure?: LinearizabilityFailure
  /** Which bound was reached, if the verdict is `unknown`. */
  readonly stopped?: string
  readonly elapsedMs: number
}

/** Why a history is not linearizable. */
export interface LinearizabilityFailure {
  /** The key of the part that is not linearizable; empty if the object is one part. */
  readonly partition: string
  /**
   * The operation that cannot be placed: the history is linearizable up to each moment before its return, and not up to
   * that. Undefined if a bound was reached before it was found.
   */
  readonly operation?: Operation
  /** An order of the operations that were called before its return. */
  readonly prefix?: readonly Operation[]
  /** The above in words. */
  readonly message: string
}

/**
 * Checks whether a history is linearizable: whether its operations can be put in one order in which each takes effect
 * between its call and its return, and in which the model gives the same answers.
 *
 * Guarantees: `linearizable` comes with such an order; `not-linearizable` means that there is none; `unknown` means that
 * a bound was reached. The cost is exponential in the number of overlapping operations at worst, and nearly linear in
 * the length of most histories.
 *
 * @throws {HistoryError} If the history is not one: an operation returns before it is called, or a process makes two calls
 * at once. Errors of the model are passed on.
 * @example
 * import { checkLinearizable, models } from 'racelab/check'
 *
 * const history = [
 *   { process: 'alice', f: 'push', input: 1, called: 1, returned: 2 },
 *   { process: 'alice', f: 'pop', output: 1, called: 3, returned: 6 },
 *   { process: 'bob', f: 'pop', output: 1, called: 4, returned: 5 },
 * ]
 * const { verdict } = checkLinearizable(history, models.queue)
 * verdict // 'not-linearizable'
 */
export function checkLinearizable<State>(history: History, model: Model<State>, options: CheckOptions = {}): Check {
  const began = performance.now()
  refuseDisorder(history)
  const giveUp = boundsOf(options, began)
  const parts = partsOf(history, model)
  const linearization = new Map<string, readonly Operation[]>()
  const about = { operations: history.length, partitions: parts.size }
  const end = <Rest extends object>(rest: Rest): typeof about & Rest & { elapsedMs: number } => ({
    ...about,
    ...rest,
    elapsedMs: performance.now() - began,
  })
  let stopped: string | undefined
  for (const [partition, operations] of parts) {
    const found = search(operations, model, giveUp)
    if (found.verdict === 'not-linearizable')
      return end({
        verdict: 'not-linearizable',
        failure: failureOf(partition, operations, longestPrefix(operations, model, found.reached, giveUp)),
      })
    if (found.verdict === 'unknown') stopped ??= found.stopped
    else linearization.set(partition, found.order)
  }
  return stopped === undefined ? end({ verdict: 'linearizable', linearization }) : end({ verdict: 'unknown', stopped })
}

function boundsOf({ timeout = 60, maxPositions = 10_000_000 }: CheckOptions, began: number): GiveUp {
  return (remembered) => {
    if (performance.now() - began > timeout * 1000) return `gave up after ${timeout} s`
    return remembered > maxPositions ? `gave up after ${maxPositions} positions` : undefined
  }
}

function partsOf<State>(history: History, model: Model<State>): Map<string, Operation[]> {
  const parts = new Map<string, Operation[]>()
  for (const operation of history) {
    const key = model.partition?.(operation) ?? ''
    const part = parts.get(key)
    if (part === undefined) parts.set(key, [operation])
    else part.push(operation)
  }
  return parts
}

/** Refuses what cannot have been recorded with one clock. */
function refuseDisorder(history: History): void {
  const byProcess = new Map<unknown, Operation>()
  for (const operation of history.toSorted((one, other) => one.called - other.called)) {
    const { process, called, returned } = operation
    if (!(returned >= called))
      throw new HistoryError(`${textOf(operation)} of process ${process} returns before it is called.`)
    const before = byProcess.get(process)
    if (before !== undefined && before.unknown !== true && before.returned >= called) {
      const when = before.returned === called ? 'at the time at which' : 'before'
      throw new HistoryError(
        `Process ${process} calls ${textOf(operation)} ${when} its ${textOf(before)} has returned.`,
      )
    }
    byProcess.set(process, operation)
  }
}

/** Returns what a check says of a part that is not linearizable. */
function failureOf<State>(
  partition: string,
  operations: readonly Operation[],
  longest: LongestPrefix<State> | undefined,
): LinearizabilityFailure {
  if (longest === undefined) {
    const of = partition === '' ? '' : ` of ${partition}`
    return {
      partition,
      message: `The ${operations.length} operations${of} have no order. A bound was reached before the one that cannot be placed was found.`,
    }
  }
  const { blocked, order, state } = longest
  return { partition, operation: blocked, prefix: order, message: messageOf(partition, blocked, order, state) }
}

/** How many operations of the prefix are told. */
const MOST_TOLD = 8

function messageOf(partition: string, blocked: Operation, prefix: readonly Operation[], state: unknown): string {
  const where = partition === '' ? '' : ` (${partition})`
  const what = `${textWithProcess(blocked)}${where} cannot be placed anywhere between its call and its return.`
  if (prefix.length === 0) return `${what} No other operation was called before it returned.`
  const told = prefix.slice(-MOST_TOLD).map(textWithProcess)
  const order = `${prefix.length > MOST_TOLD ? '… ' : ''}${told.join(', ')}`
  return `${what} The other operations that were called before its return have an order: ${order}. It ends in the state ${valueText(state)}.`
}
