/** Judges the history of a client's schedule: whether an order of the calls explains what they returned. */
import { checkLinearizable } from '../../check/check-linearizable.ts'
import type { Check } from '../../check/check-linearizable.ts'
import { textOf, valueText } from '../../check/history.ts'
import type { Operation } from '../../check/history.ts'
import type { Model } from '../../check/model.ts'
import type { Criterion } from '../../scenario.ts'
import type { HistoryJudge, ThreadCalls } from '../subject/client.ts'
import { inputOf } from './calls.ts'
import type { Call } from './calls.ts'
import { isSequential } from './sequential.ts'

/** What a judge needs to know of a client. */
export interface Judged {
  readonly model: Model
  readonly criterion: Criterion
  /** The calls of each thread. */
  readonly calls: ReadonlyMap<string, readonly Call[]>
  /** The operations that may wait forever. */
  readonly blocking: ReadonlySet<string>
}

/** Returns a judge of a client's histories. Many schedules have the same history, which is judged once. */
export function judgeOf(judged: Judged): HistoryJudge {
  const known = new Map<string, string | undefined>()
  return {
    faultOf(threads) {
      const key = keyOf(threads, judged.criterion)
      if (key === undefined) return faultOf(judged, threads)
      if (!known.has(key)) known.set(key, faultOf(judged, threads))
      return known.get(key)
    },
    mayHang: (threads) => mayHang(judged, threads),
  }
}

/** Returns why no order of the calls explains what they returned; undefined if one does. */
function faultOf({ model, criterion, calls }: Judged, threads: readonly ThreadCalls[]): string | undefined {
  const histories = historiesOf(threads, calls)
  if (criterion === 'sequential') return isSequential(histories, model) ? undefined : wordsOf(histories)
  const history = histories.flat().toSorted((one, other) => one.called - other.called)
  const check = checkLinearizable(history, model)
  return check.verdict === 'linearizable' ? undefined : explained(check, history, model)
}

/** Whether the calls that have returned have an order after which the model lets none of the others return. */
function mayHang({ model, criterion, calls, blocking }: Judged, threads: readonly ThreadCalls[]): boolean {
  const histories = historiesOf(threads, calls)
  const waiting = histories.flat().filter(({ unknown }) => unknown === true)
  const returned = histories.map((operations) => operations.filter(({ unknown }) => unknown !== true))
  if (!waiting.every(({ f }) => blocking.has(f))) return false
  if (criterion === 'sequential') return isSequential(returned, model, waiting)
  const history = [...returned.flat(), ...waiting.map((operation) => blockedAfter(returned, operation))]
  return checkLinearizable(history, withBlocked(model)).verdict === 'linearizable'
}

/**
 * Returns a text that is the same for equal histories only: the order of the begins and returns, if it counts, and the
 * outputs. Returns undefined if an output is an object.
 */
function keyOf(threads: readonly ThreadCalls[], criterion: Criterion): string | undefined {
  const outputs = threads.flatMap((thread) => thread.outputs)
  if (outputs.some((output) => typeof output === 'object' && output !== null)) return undefined
  const texts = outputs.map(
    (output) => `${typeof output} ${Object.is(output, -0) ? '-0' : JSON.stringify(String(output))}`,
  )
  if (criterion === 'sequential') return texts.join()
  const events = threads.flatMap(({ events }, thread) => events.map((position) => ({ position, thread })))
  const order = events.toSorted((one, other) => one.position - other.position).map(({ thread }) => thread)
  return `${order.join()} ${texts.join()}`
}

function historiesOf(threads: readonly ThreadCalls[], calls: Judged['calls']): Operation[][] {
  return threads.map((thread) => operationsOf(thread, calls.get(thread.name) ?? []))
}

/** Returns the operations of a thread: those that have returned, and the one that has not. */
function operationsOf(thread: ThreadCalls, calls: readonly Call[]): Operation[] {
  const begun = Math.ceil(thread.events.length / 2)
  return calls.slice(0, begun).map((call, index) => operationOf(thread, call, index))
}

function operationOf({ name, events, outputs }: ThreadCalls, call: Call, index: number): Operation {
  const [called, returned] = [events[2 * index]!, events[2 * index + 1]]
  const asked = { process: name, f: call.f, ...inputOf(call), called }
  if (returned === undefined) return { ...asked, unknown: true, returned: Infinity }
  return { ...asked, output: outputs[index], returned }
}

/** The name of the operation of a history that stands for a call which waits forever. */
const BLOCKED = 'waits forever'

/** Returns an operation, after all that have returned, that is allowed only where `waiting` cannot return. */
function blockedAfter(histories: readonly Operation[][], waiting: Operation): Operation {
  const end = Math.max(0, ...histories.flat().map(({ returned }) => returned)) + 1
  return { process: `${waiting.process} ${BLOCKED}`, f: BLOCKED, input: waiting, called: end, returned: end + 1 }
}

/** Returns the call that waits forever, if an operation stands for one. */
function waitingIn({ f, input }: Operation): Operation | undefined {
  return f === BLOCKED ? (input as Operation) : undefined
}

/** Returns the model with the operation `BLOCKED`. */
function withBlocked(model: Model): Model {
  const { partition } = model
  return {
    name: model.name,
    init: () => model.init(),
    step(state, operation) {
      const waiting = waitingIn(operation)
      if (waiting === undefined) return model.step(state, operation)
      return model.step(state, waiting).length === 0 ? [state] : []
    },
    equal: (one, other) => model.equal(one, other),
    ...(partition === undefined ? {} : { partition: (operation) => partition(waitingIn(operation) ?? operation) }),
  }
}

/** Returns why a history is not sequentially consistent. */
function wordsOf(histories: readonly (readonly Operation[])[]): string {
  const threads = histories.map((operations) => `${operations[0]?.process}: ${operations.map(textOf).join(', ')}`)
  return `no order of the calls that keeps the order of each thread explains what they returned (${threads.join('; ')})`
}

/**
 * Returns why a history is not linearizable, or why that is not known: the call that fits in no order, which calls had
 * returned before it began, which overlapped with it, and the order of the others.
 */
function explained({ failure, stopped }: Check, history: readonly Operation[], model: Model): string {
  const { operation, prefix = [], message } = failure ?? {}
  if (operation === undefined) return message?.replace(/\.$/, '') ?? `it is unknown whether an order fits: ${stopped}`
  const before = history.filter(({ returned }) => returned < operation.called)
  const during = history.filter((each) => each !== operation && overlap(each, operation))
  const facts = [
    ...(before.length === 0 ? [] : [`${listed(before)} had returned before it began`]),
    ...(during.length === 0 ? [] : [`${listed(during)} overlapped with it`]),
  ]
  const state = stateAfter(prefix, model)
  const left = state === undefined ? '' : `, which leaves ${state}`
  const others = prefix.length === 1 ? listed(prefix) : `the order ${listed(prefix)}`
  const order = prefix.length === 0 ? [] : [`without it, ${others} fits${left}`]
  const [what, ...why] = [headOf(operation), [...facts, ...order].join('; ')]
  return [what, ...why.filter((each) => each !== '')].join(': ')
}

function headOf(operation: Operation): string {
  const call = `${textOf({ ...operation, unknown: true })} of ${operation.process}`
  const { output } = operation
  return output === undefined
    ? `${call} fits in no order of the calls`
    : `${call} returned ${valueText(output)}, which fits in no order of the calls`
}

function overlap(one: Operation, other: Operation): boolean {
  return one.called <= other.returned && other.called <= one.returned
}

/** Returns operations as a list: `push(1) and pop() = 1 of alice, pop() = null of bob`. */
function listed(operations: readonly Operation[]): string {
  const runs: { process: Operation['process']; texts: string[] }[] = []
  for (const operation of operations) {
    const last = runs.at(-1)
    if (last?.process === operation.process) last.texts.push(textOf(operation))
    else runs.push({ process: operation.process, texts: [textOf(operation)] })
  }
  return runs.map(({ process, texts }) => `${joined(texts)} of ${process}`).join(', ')
}

function joined(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`
}

/** Returns the state of the model after these operations as text; undefined if there are several. */
function stateAfter(operations: readonly Operation[], model: Model): string | undefined {
  let states: unknown[] = [model.init()]
  for (const operation of operations) states = states.flatMap((state) => model.step(state, operation))
  const texts = new Set(states.map(valueText))
  return texts.size === 1 ? [...texts][0] : undefined
}
