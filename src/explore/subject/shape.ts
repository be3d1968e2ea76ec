/**
 * Checks the shape of a scenario before any of its functions runs. A mistake such as a misspelt key, a check that would
 * never be called or an async function would lead to a worthless pass, so it is refused by name.
 */
import { types } from 'node:util'
import type { ContractClass } from '../../contract.ts'
import { WAITS } from '../../contract.ts'
import { GRADES } from '../../scenario.ts'
import type { OperationsScenario, Scenario } from '../../scenario.ts'
import { didYouMean } from '../../nearest.ts'
import { Refusal } from '../model/refusal.ts'
import { RECOVERER } from './crashing.ts'

/** The most actors of a scenario, which have a bit each in a number. */
export const MOST_ACTORS = 30

const KEYS: { readonly [Key in Exclude<keyof Scenario, 'operations'>]: true } = {
  name: true,
  memory: true,
  actors: true,
  observe: true,
  outcomes: true,
  invariant: true,
  names: true,
  races: true,
  contracts: true,
  crashes: true,
  recover: true,
}

/** Throws Refusal if `scenario` is not a valid scenario. Its type is no proof: a caller may not use TypeScript. */
export function checkShape(scenario: Scenario): void {
  if (!isRecord(scenario)) refuse(`is ${kindOf(scenario)}, not an object with name, memory and actors`)
  checkCommon(scenario, Object.keys(KEYS))
  const { actors, observe, outcomes } = scenario as Partial<Scenario>
  if (observe !== undefined) checkFunction('observe()', observe)
  const actorNames = checkActors(actors)
  const ending = checkCrashes(scenario, actorNames) ? [...actorNames, RECOVERER] : actorNames
  if (outcomes !== undefined) checkOutcomes(outcomes, observe === undefined ? ending : undefined)
}

/** Returns whether an actor may crash. */
function checkCrashes({ crashes, recover }: Partial<Scenario>, actors: readonly string[]): boolean {
  if (recover !== undefined) checkFunction('recover()', recover)
  if (crashes === undefined) {
    if (recover !== undefined) refuse('has recover(), but no actor may crash: give crashes')
    return false
  }
  if (crashes !== 1 && !Array.isArray(crashes))
    refuse(`has crashes that are ${kindOf(crashes)}: give 1, or an array of the names of actors`)
  const names: readonly unknown[] = crashes === 1 ? actors : crashes
  if (names.length === 0) refuse('has no actor that may crash: give 1, or an array of the names of actors')
  for (const name of names)
    if (!actors.some((actor) => actor === name))
      refuse(`lets "${String(name)}" crash, which is no actor: ${didYouMean(String(name), actors)}`, '')
  if (actors.includes(RECOVERER)) refuse(`has an actor "${RECOVERER}": that is the name of what runs after a crash`)
  return true
}

/** Checks the keys of a scenario, and the parts that a scenario with operations has too. */
export function checkCommon(scenario: Scenario | OperationsScenario, keys: readonly string[]): void {
  for (const key of Object.keys(scenario)) {
    if (!keys.includes(key)) refuse(`has the unknown property "${key}": ${didYouMean(key, keys)}`, '')
  }
  const { name, memory, invariant, names, races, contracts } = scenario as Partial<Scenario>
  if (typeof name !== 'string') refuse(`has no name${given(name)}`)
  if (name.trim() === '') refuse('has an empty name')
  if (typeof memory !== 'function') refuse(`has no memory()${given(memory)}`)
  const functions = { memory, invariant, names }
  for (const [key, value] of Object.entries(functions)) if (value !== undefined) checkFunction(`${key}()`, value)
  if (races !== undefined) checkRaces(races)
  if (contracts !== undefined) checkContracts(contracts)
}

function checkActors(actors: unknown): readonly string[] {
  if (actors === undefined) refuse('has no actors')
  if (!isRecord(actors)) refuse(`has no actors: they are ${kindOf(actors)}, not an object of functions`)
  const entries = Object.entries(actors)
  if (entries.length === 0) refuse('has no actors')
  if (entries.length > MOST_ACTORS) throw new Refusal(`A scenario has at most ${MOST_ACTORS} actors.`)
  for (const [name, act] of entries) checkFunction(`the actor "${name}"`, act)
  return entries.map(([name]) => name)
}

/** Refuses a value that is not a function, and a function that returns before it has done its work. */
export function checkFunction(what: string, value: unknown): void {
  if (typeof value !== 'function') refuse(`cannot be run: ${what} is ${kindOf(value)}, not a function`)
  const generates = types.isGeneratorFunction(value)
  if (generates || types.isAsyncFunction(value)) {
    const how = generates
      ? 'a generator function, which returns an iterator'
      : 'an async function, which returns a promise'
    throw new Refusal(`${what} is ${how} before it has done its work: it must be a plain synchronous function.`)
  }
  if (/^class\b/.test(Function.prototype.toString.call(value))) {
    refuse(`cannot be run: ${what} is a class, not a function`)
  }
}

/**
 * `actors`: the names of the actors if there is no observe(), so that their results are the outcome; else undefined.
 */
function checkOutcomes(outcomes: unknown, actors: readonly string[] | undefined): void {
  if (!isRecord(outcomes)) refuse(`has outcomes that are ${kindOf(outcomes)}, not an object of grades`)
  const keys = Object.keys(outcomes)
  if (keys.length === 0) refuse('lists no outcome in its outcomes: leave them out, or list the allowed ones')
  for (const key of keys) checkGrade(key, outcomes[key])
  if (actors === undefined || keys.some((key) => isResults(key, actors))) return
  const example = JSON.stringify(Object.fromEntries(actors.slice(0, 2).map((name) => [name, 0])))
  throw new Refusal(
    'The scenario lists outcomes but has no observe() that returns them: add it. ' +
      `Without observe(), the outcome is what the actors return, such as ${example}.`,
  )
}

function checkGrade(key: string, value: unknown): void {
  const [grade, description, ...rest] = Array.isArray(value) ? (value as unknown[]) : [value]
  if (typeof grade !== 'string')
    refuse(`grades the outcome ${key} with ${kindOf(grade)}, not one of ${GRADES.join(', ')}`)
  if (!GRADES.some((each) => each === grade)) {
    refuse(`grades the outcome ${key} as "${grade}": ${didYouMean(grade, GRADES)}`, '')
  }
  if ((description !== undefined && typeof description !== 'string') || rest.length > 0) {
    refuse(`grades the outcome ${key} with more than a grade and a description`)
  }
}

/** Whether an outcome's key may be the JSON of the actors' results. */
function isResults(key: string, actors: readonly string[]): boolean {
  try {
    const results: unknown = JSON.parse(key)
    return isRecord(results) && Object.keys(results).every((name) => actors.includes(name))
  } catch {
    return false
  }
}

function checkRaces(races: unknown): void {
  if (!Array.isArray(races)) refuse(`has races that are ${kindOf(races)}, not an array of words' names`)
  const invalid: unknown = races.find((race) => typeof race !== 'string')
  if (invalid !== undefined) refuse(`declares a race on ${kindOf(invalid)}, not on the name of a word`)
}

function checkContracts(contracts: unknown): void {
  if (!Array.isArray(contracts)) refuse(`has contracts that are ${kindOf(contracts)}, not an array`)
  for (const contract of contracts as unknown[]) {
    if (!isRecord(contract))
      refuse(`has a contract that is ${kindOf(contract)}, not an object with of, methods and clients`)
    const { of, name, methods, clients } = contract
    const classes: unknown[] = Array.isArray(of) ? of : [of]
    const invalid = classes.find((each) => typeof each !== 'function')
    if (invalid !== undefined || of === undefined)
      refuse(`has a contract whose "of" is ${kindOf(invalid)}, not a class`)
    if (typeof name !== 'string' || name === '') refuse('has a contract without a name')
    const whose = `the contract of ${name}`
    if (!isRecord(methods)) refuse(`has ${whose} without methods`)
    for (const [method, waits] of Object.entries(methods)) {
      if (!classes.some((each) => typeof Reflect.get((each as ContractClass).prototype, method) === 'function'))
        refuse(`has ${whose} with "${method}", which is no method of it`)
      if (!WAITS.some((each) => each === waits))
        refuse(`has ${whose} with "${method}" that waits ${String(waits)}: ${didYouMean(String(waits), WAITS)}`, '')
    }
    checkFunction(`clients() of ${whose}`, clients)
  }
}

/** Whether a value is an object and no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function given(value: unknown): string {
  return value === undefined ? '' : `: it is ${kindOf(value)}`
}

/** Returns what a value is, with its article: `a number`. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return types.isPromise(value) ? 'a promise' : 'an object'
  return `a ${typeof value}`
}

/** Throws Refusal: `problem` says what the scenario is or has that it must not. */
export function refuse(problem: string, end = '.'): never {
  throw new Refusal(`The scenario ${problem}${end}`)
}
