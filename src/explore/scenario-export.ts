/** Finds the scenarios that a user's module exports. */
import { inspect } from 'node:util'
import type { OperationsScenario, Scenario } from '../scenario.ts'
import { Refusal } from './model/refusal.ts'

/**
 * Returns the module's export `name` if it is meant as a scenario, else undefined: if it has one of a scenario's parts. The
 * explorer then says which part is missing. TypeScript in a package without `"type":
 * "module"` is loaded as CommonJS, and its exports are then properties of the default export.
 */
export function exportedScenario(module: object, name: string): Scenario | OperationsScenario | undefined {
  const combinations = combinationsOf(module)
  if (combinations !== undefined && (name === 'default' || combinations.has(name)))
    return (combinations.get(name) ?? [...combinations.values()][0])?.()
  const found: unknown = Reflect.get(module, name)
  const inner: unknown = Reflect.get(module, 'default')
  const nested: unknown = typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined
  const both = [found, nested]
  return (both.find((each) => isScenario(each)) ?? both.find((each) => isPart(each))) as
    | Scenario
    | OperationsScenario
    | undefined
}

/**
 * Returns the names of the exports that are meant as scenarios, `default` first. A scenario is named once. If the module
 * exports `parameters`, they are the names of the combinations, for example `actors=2,size=8`.
 */
export function scenarioExports(module: object): readonly string[] {
  const inner: unknown = Reflect.get(module, 'default')
  const nested = typeof inner === 'object' && inner !== null && !isPart(inner) ? Object.keys(inner) : []
  const combinations = combinationsOf(module)
  const found = new Map<object, string>()
  const names = new Set(['default', ...Object.keys(module), ...nested])
  if (combinations !== undefined) names.delete('default')
  for (const name of names) {
    const scenario = exportedScenario(module, name)
    // Other exports may be objects of any kind, and have one of the parts by chance.
    const isMeant = name === 'default' ? scenario !== undefined : isRunnable(scenario)
    if (isMeant && !found.has(scenario!)) found.set(scenario!, name)
  }
  return [...(combinations?.keys() ?? []), ...found.values()]
}

type Combination = Readonly<Record<string, unknown>>
type Make = (combination: Combination) => Scenario | OperationsScenario | undefined

/**
 * Returns what makes the scenario of each combination of the module's `parameters`, by the combination's name; undefined if
 * the module exports none. Throws Refusal if they are not lists of values beside a default export that is a function.
 */
function combinationsOf(module: object): Map<string, () => ReturnType<Make>> | undefined {
  const parameters = exported(module, 'parameters')
  if (parameters === undefined) return undefined
  const make = exported(module, 'default')
  if (typeof make !== 'function')
    throw new Refusal('A file that exports parameters has a function as its default export: it gets one combination.')
  let combinations: readonly Combination[] = [{}]
  for (const [name, values] of Object.entries(parameters as object)) {
    if (!Array.isArray(values) || values.length === 0)
      throw new Refusal(`The parameter "${name}" is not a list of values.`)
    combinations = combinations.flatMap((each) =>
      values.map((value: unknown): Combination => Object.assign({}, each, { [name]: value })),
    )
  }
  return new Map(combinations.map((each) => [nameOf(each), () => made(make as Make, each)]))
}

function made(make: Make, combination: Combination): ReturnType<Make> {
  const scenario = make(combination)
  return isPart(scenario) ? scenario : undefined
}

function nameOf(combination: Combination): string {
  return Object.entries(combination)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : inspect(value, { breakLength: Infinity })}`)
    .join()
}

/** Returns an export. Those of TypeScript that is loaded as CommonJS are properties of the default export. */
function exported(module: object, name: string): unknown {
  const inner: unknown = Reflect.get(module, 'default')
  const isNested = typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
  return isNested ? (Reflect.get(inner, name) as unknown) : (Reflect.get(module, name) as unknown)
}

function isScenario(value: unknown): boolean {
  return isRunnable(value) && 'name' in (value as object)
}

function isRunnable(value: unknown): boolean {
  return isPart(value) && 'memory' in value && ('actors' in value || 'operations' in value)
}

function isPart(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  return 'memory' in value || 'actors' in value || 'operations' in value
}
