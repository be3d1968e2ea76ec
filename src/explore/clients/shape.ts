/** Checks the shape of a scenario, above all of one that gives operations, before any of its functions runs. */
import { didYouMean } from '../../nearest.ts'
import { hasOperations } from '../../scenario.ts'
import type { OperationsScenario, Scenario } from '../../scenario.ts'
import { Refusal } from '../model/refusal.ts'
import { checkCommon, checkFunction, checkShape, isRecord, kindOf, MOST_ACTORS, refuse } from '../subject/shape.ts'
import { callsOf } from './calls.ts'

const KEYS: { readonly [Key in Exclude<keyof OperationsScenario, 'actors'>]: true } = {
  name: true,
  memory: true,
  setup: true,
  operations: true,
  arguments: true,
  model: true,
  blocking: true,
  callers: true,
  threads: true,
  calls: true,
  invariant: true,
  names: true,
  races: true,
  contracts: true,
}

/** What a scenario with actors may have, and why a scenario with operations must not have it. */
const OTHERS: Readonly<Record<string, string>> = {
  actors: 'both actors and operations: remove one of them. Of operations, the explorer makes the actors itself',
  observe: 'operations and observe(): the outcome of a client is what its calls returned, and the model judges it',
  outcomes: 'operations and outcomes: the model judges what the calls of a client returned',
}

/** Throws Refusal if `scenario` is not a valid scenario, with actors or with operations. */
export function checkAnyShape(scenario: Scenario | OperationsScenario): void {
  if (hasOperations(scenario)) checkOperationsShape(scenario)
  else checkShape(scenario)
}

/** Throws Refusal if `scenario` is not a valid scenario with operations. */
export function checkOperationsShape(scenario: OperationsScenario): void {
  for (const [key, why] of Object.entries(OTHERS)) if (key in scenario) refuse(`has ${why}`)
  checkCommon(scenario, Object.keys(KEYS))
  const {
    setup,
    operations,
    arguments: given,
    model,
    blocking,
    callers,
    threads,
    calls,
  } = scenario as Partial<OperationsScenario>
  if (setup !== undefined) checkFunction('setup()', setup)
  const names = checkOperations(operations)
  checkModel(model)
  if (given !== undefined) checkArguments(given, names)
  if (blocking !== undefined) checkBlocking(blocking, names)
  if (callers !== undefined) checkCallers(callers, names)
  checkCount('threads', threads, MOST_ACTORS)
  checkCount('calls', calls, Infinity)
  checkTexts(scenario)
}

function checkOperations(operations: unknown): readonly string[] {
  if (!isRecord(operations)) refuse(`has no operations: they are ${kindOf(operations)}, not an object of functions`)
  const entries = Object.entries(operations)
  if (entries.length === 0) refuse('has no operations')
  for (const [name, operate] of entries) checkFunction(`the operation "${name}"`, operate)
  return entries.map(([name]) => name)
}

function checkModel(model: unknown): void {
  if (model === undefined) refuse('has operations but no model that says what they return')
  if (!isRecord(model)) refuse(`has a model that is ${kindOf(model)}, not an object with init, step and equal`)
  for (const part of ['init', 'step', 'equal']) {
    if (typeof model[part] !== 'function') refuse(`has a model whose ${part} is ${kindOf(model[part])}, not a function`)
  }
}

function checkArguments(given: unknown, names: readonly string[]): void {
  if (!isRecord(given)) refuse(`has arguments that are ${kindOf(given)}, not an object of arrays`)
  for (const [name, values] of Object.entries(given)) {
    if (!names.includes(name))
      refuse(`has arguments for "${name}", which is no operation: ${didYouMean(name, names)}`, '')
    if (!Array.isArray(values)) refuse(`has arguments for "${name}" that are ${kindOf(values)}, not an array`)
    if (values.length === 0)
      refuse(`has an empty list of arguments for "${name}": remove the list, or put an argument in it`)
  }
}

function checkBlocking(blocking: unknown, names: readonly string[]): void {
  if (!Array.isArray(blocking)) refuse(`has "blocking" that is ${kindOf(blocking)}, not an array of operations' names`)
  for (const name of blocking as unknown[]) {
    if (typeof name !== 'string') refuse(`lists ${kindOf(name)} in "blocking", not the name of an operation`)
    if (!names.includes(name))
      refuse(`lists "${name}" in "blocking", which is no operation: ${didYouMean(name, names)}`, '')
  }
}

function checkCallers(callers: unknown, names: readonly string[]): void {
  if (!isRecord(callers)) refuse(`has "callers" that are ${kindOf(callers)}, not an object of numbers`)
  for (const [name, count] of Object.entries(callers)) {
    if (!names.includes(name)) {
      refuse(`has "callers" of "${name}", which is no operation: ${didYouMean(name, names)}`, '')
    }
    if (count === undefined) refuse(`has "callers" of "${name}" that are undefined: remove the entry, or give a number`)
    checkCount(`callers.${name}`, count, MOST_ACTORS)
  }
}

function checkCount(key: string, count: unknown, most: number): void {
  if (count === undefined || (Number.isSafeInteger(count) && Number(count) >= 1 && Number(count) <= most)) return
  const range = most === Infinity ? 'a whole number of at least 1' : `a whole number from 1 to ${most}`
  refuse(`has "${key}" that is ${typeof count === 'number' ? String(count) : kindOf(count)}, not ${range}`)
}

/** Refuses two calls with the same text: a report could not tell them apart. */
function checkTexts(scenario: OperationsScenario): void {
  const texts = callsOf(scenario).map(({ text }) => text)
  const twice = texts.find((text, index) => texts.indexOf(text) !== index)
  if (twice !== undefined)
    throw new Refusal(`The scenario has the call ${twice} twice: two of its arguments look the same.`)
}
