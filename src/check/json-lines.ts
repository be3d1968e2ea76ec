/**
 * Histories as JSON lines, as Jepsen writes them: `{"process":0,"type":"invoke","f":"read","value":null}`, one event a
 * line, in the order in which they happened. A call is an `invoke`; `ok` is its return. `fail` says that the operation
 * did not take effect, `info` that this is unknown.
 */
import { shown } from '../errors.ts'
import { didYouMean } from '../nearest.ts'
import { HistoryError } from './errors.ts'
import type { History, Operation } from './history.ts'

const TYPES = ['invoke', 'ok', 'fail', 'info'] as const

interface Event {
  readonly process: number | string
  readonly type: (typeof TYPES)[number]
  readonly f: string
  readonly value: unknown
}

interface OpenCall {
  readonly event: Event
  readonly line: number
}

/**
 * Returns the history that JSON lines describe. The times of its operations are line numbers. Empty lines are skipped.
 *
 * @throws {HistoryError} If a line is no event, if a process makes a call before its last one has ended, or if a return
 * has no call. The message names the line.
 * @example
 * import { historyFromJsonLines } from 'racelab/check'
 *
 * const [read] = historyFromJsonLines(`
 *   {"process": 0, "type": "invoke", "f": "read", "value": null}
 *   {"process": 0, "type": "ok", "f": "read", "value": 4}`)
 * read.output // 4
 */
export function historyFromJsonLines(text: string): History {
  const operations: Operation[] = []
  const open = new Map<unknown, OpenCall>()
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const event = eventOf(line, index + 1)
    const call = open.get(event.process)
    if (event.type === 'invoke') {
      if (call !== undefined)
        throw badLine(
          index + 1,
          `process ${event.process} calls ${event.f} before its ${call.event.f} of line ${call.line} has ended.`,
        )
      open.set(event.process, { event, line: index + 1 })
      continue
    }
    if (call === undefined) throw badLine(index + 1, `${event.type} of process ${event.process} has no call before it.`)
    if (call.event.f !== event.f)
      throw badLine(
        index + 1,
        `${event.type} is of ${event.f}, but the call of process ${event.process} in line ${call.line} is ${call.event.f}.`,
      )
    open.delete(event.process)
    if (event.type !== 'fail') operations.push(operationOf(call, event, index + 1))
  }
  return [...operations, ...[...open.values()].map((call) => operationOf(call, undefined, Infinity))]
}

function operationOf({ event: call, line }: OpenCall, end: Event | undefined, at: number): Operation {
  const { process, f, value: input } = call
  if (end?.type !== 'ok') return { process, f, input, unknown: true, called: line, returned: Infinity }
  return { process, f, input, output: end.value, called: line, returned: at }
}

function eventOf(line: string, number: number): Event {
  let event: unknown
  try {
    event = JSON.parse(line)
  } catch {
    throw badLine(number, 'it is not JSON.')
  }
  if (typeof event !== 'object' || event === null || Array.isArray(event)) throw badLine(number, 'it is not an object.')
  const { process, type, f, value = null } = event as Record<string, unknown>
  if (typeof process !== 'number' && typeof process !== 'string')
    throw badLine(number, `process must be a number or a text, but is ${shown(process)}.`)
  const known = TYPES.find((each) => each === type)
  if (known === undefined) throw badLine(number, `type is ${shown(type)}: ${didYouMean(String(type), TYPES)}`)
  if (typeof f !== 'string') throw badLine(number, `f must be the name of the operation, but is ${shown(f)}.`)
  return { process, type: known, f, value }
}

function badLine(line: number, what: string): HistoryError {
  return new HistoryError(`Line ${line} is not an event of a history: ${what}`)
}
