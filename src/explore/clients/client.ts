/** Makes the clients of a scenario that gives operations: scenarios whose actors make calls. */
import { types } from 'node:util'
import { valueText } from '../../check/history.ts'
import type { Criterion, OperationsScenario } from '../../scenario.ts'
import { installedController } from '../globals/controller.ts'
import { sharedView } from '../model/shared-view.ts'
import { Client } from '../subject/client.ts'
import { copyOf, isPlain } from '../subject/copier.ts'
import { isThenable } from '../subject/outcome.ts'
import { callsOf } from './calls.ts'
import type { Call } from './calls.ts'
import { judgeOf } from './history.ts'
import type { Threads } from './sizes.ts'

/** The names of the threads. Any further ones have numbers. */
const NAMES = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi']

/** Returns the client of a scenario in which these threads make these calls. The scenario must have the right shape. */
export function makeClient(scenario: OperationsScenario, threads: Threads, criterion: Criterion): Client {
  const all = callsOf(scenario)
  const calls = new Map(threads.map((indexes, thread) => [nameOf(thread), indexes.map((index) => all[index]!)]))
  const outputs = new Map<string, unknown[]>()
  const actor = (name: string, own: readonly Call[]) => (memory: unknown) => {
    const done: unknown[] = []
    outputs.set(name, done)
    for (const call of own) done.push(makeCall(scenario, call, memory, criterion === 'linearizable'))
    return done
  }
  const { model, blocking = [] } = scenario
  return new Client(
    {
      scenario,
      actors: Object.fromEntries([...calls].map(([name, own]) => [name, actor(name, own)])),
      observe: (_, results) => observed(calls, results as Record<string, readonly unknown[]>),
      history: judgeOf({ model, criterion, calls, blocking: new Set(blocking) }),
    },
    outputs,
  )
}

function nameOf(thread: number): string {
  return NAMES[thread] ?? `thread ${thread + 1}`
}

/** Makes a call, and returns what it returns. The explorer learns with which of its accesses it begins and returns. */
function makeCall({ operations }: OperationsScenario, call: Call, memory: unknown, ordered: boolean): unknown {
  const controller = installedController()
  const operate = operations[call.f]!
  controller?.callBegins?.({ call: call.text, ordered })
  // This name tells the explorer's inspector where the operation begins (run/spins/inspection.ts).
  const body = (): unknown => operate(memory, ...call.values.map(copyOf))
  const output = body()
  if (isThenable(output) || types.isGeneratorObject(output)) {
    controller?.refuse(
      `${call.text} returned ${isThenable(output) ? 'a promise' : 'an iterator'}, so its work was not done when it returned: ` +
        'an operation is a plain synchronous function.',
    )
  }
  controller?.callReturns?.(shortText(output))
  return output
}

/** Returns an output as text; empty if there is none, or if it is an object that may be, or contain, shared memory. */
function shortText(output: unknown): string {
  if (output === undefined) return ''
  if (typeof output !== 'object' || output === null) return valueText(output)
  const isData = Array.isArray(output) || (isPlain(output) && sharedView(output) === undefined)
  return isData && Object.values(output).every((part) => typeof part !== 'object' || part === null)
    ? valueText(output)
    : ''
}

/** Returns the outcome of a schedule: the calls of each thread, with what they returned. */
function observed(calls: ReadonlyMap<string, readonly Call[]>, results: Record<string, readonly unknown[]>): string {
  const threads = [...calls].map(([name, own]) => {
    const texts = own.map(({ text }, index) => {
      const output = results[name]?.[index]
      return output === undefined ? text : `${text} = ${valueText(output)}`
    })
    return `${name}: ${texts.join(', ')}`
  })
  return threads.join('; ')
}

/** Returns the calls of each thread as texts: `{ alice: ['push(1)'], bob: ['pop()'] }`. */
export function callTexts(scenario: OperationsScenario, threads: Threads): Record<string, readonly string[]> {
  const all = callsOf(scenario)
  return Object.fromEntries(threads.map((indexes, thread) => [nameOf(thread), indexes.map((at) => all[at]!.text)]))
}

/** Returns a client as a short text for a token: `l0.2/1` or, if its criterion is sequential consistency, `s0.2/1`. */
export function clientText(threads: Threads, criterion: Criterion): string {
  return `${criterion === 'linearizable' ? 'l' : 's'}${threads.map((calls) => calls.join('.')).join('/')}`
}

/** Returns the client that `clientText` named; undefined if the scenario has no such calls. */
export function clientFromText(scenario: OperationsScenario, text: string): Client | undefined {
  if (!/^[ls]\d+(?:\.\d+)*(?:\/\d+(?:\.\d+)*)*$/.test(text)) return undefined
  const threads = text
    .slice(1)
    .split('/')
    .map((calls) => calls.split('.').map(Number))
  if (threads.flat().some((index) => index >= callsOf(scenario).length)) return undefined
  return makeClient(scenario, threads, text.startsWith('l') ? 'linearizable' : 'sequential')
}
