/**
 * Outcomes: what observe() saw, as a key, and how the scenario grades it. A key that hides a difference would let a
 * forbidden outcome pass for an acceptable one, so what has no faithful JSON is refused.
 */
import type { Grade, Scenario } from '../../scenario.ts'
import { Refusal } from '../model/refusal.ts'
import { calling } from '../run/thrown.ts'

export interface Outcome {
  readonly key: string
  readonly grade: Grade
  readonly description: string | undefined
}

type Results = Record<string, unknown>

/** The outcome of a schedule, given the scenario's memory and the actors' results, made anew for each function's use. */
export function outcomeOf(scenario: Scenario, memory: () => unknown, results: () => Results): Outcome {
  if (scenario.observe === undefined) return graded(scenario, outcomeKey(results()))
  const seen = calling('observe()', () => scenario.observe?.(memory(), results()))
  refusePromise('observe()', seen)
  if (seen === undefined && scenario.outcomes === undefined) return graded(scenario, outcomeKey(results()))
  const key = keyOf(seen, refuseHidden)
  const listed = (name: string): boolean => Object.hasOwn(scenario.outcomes ?? {}, name)
  if (seen === undefined && !listed(key)) {
    throw new Refusal('observe() returned undefined, which is none of the outcomes: return what there is to see.')
  }
  if (typeof seen === 'bigint' && !listed(key) && listed(String(seen))) {
    throw new Refusal(
      `observe() returned the BigInt ${key}, and the outcomes list ${seen}: list it as "${key}", or return Number(…).`,
    )
  }
  return graded(scenario, key)
}

/** The outcome's key is the string itself, or else its JSON, with BigInts as they are written in a program. */
export function outcomeKey(seen: unknown): string {
  return keyOf(seen, () => {})
}

export function refusePromise(name: string, returned: unknown): void {
  if (typeof returned !== 'object' || returned === null) return
  if (typeof Reflect.get(returned, 'then') === 'function') {
    throw new Refusal(`${name} returned a promise, which says nothing yet: it has to be a synchronous function.`)
  }
  if (typeof Reflect.get(returned, 'next') === 'function') {
    throw new Refusal(`${name} returned an iterator, and has not run yet: it has to be a plain function.`)
  }
}

function keyOf(seen: unknown, check: (value: unknown, key: string) => void): string {
  switch (typeof seen) {
    case 'string':
      return seen
    case 'bigint':
      return `${seen}n`
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(seen)
    default:
      check(seen, '')
      return jsonOf(seen, check) ?? String(seen)
  }
}

function jsonOf(seen: unknown, check: (value: unknown, key: string) => void): string | undefined {
  const path: object[] = []
  return JSON.stringify(seen, function (this: object, key, value: unknown) {
    // JSON.stringify goes down into one object after another: `this` is the one that holds the key.
    while (path.length > 0 && path.at(-1) !== this) path.pop()
    if (typeof value === 'object' && value !== null) {
      if (path.includes(value)) throw new Refusal(`The outcome refers to itself at "${key}", so it has no JSON.`)
      path.push(value)
    }
    check(value, key)
    return typeof value === 'bigint' ? `${value}n` : value
  })
}

function refuseHidden(value: unknown, key: string): void {
  const where = key === '' ? '' : ` at "${key}"`
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new Refusal(`observe() returned a ${typeof value}${where}, which has no JSON: return data.`)
  }
  if (value instanceof Map || value instanceof Set) {
    const name = value instanceof Map ? 'Map' : 'Set'
    throw new Refusal(
      `observe() returned a ${name}${where}, whose JSON is {} whatever it holds: return [...it] instead.`,
    )
  }
}

function graded({ outcomes }: Scenario, key: string): Outcome {
  if (outcomes === undefined) return { key, grade: 'acceptable', description: undefined }
  const listed = Object.hasOwn(outcomes, key) ? outcomes[key] : undefined
  if (listed === undefined)
    return { key, grade: 'forbidden', description: `the outcome ${key} is not among those listed` }
  return typeof listed === 'string'
    ? { key, grade: listed, description: undefined }
    : { key, grade: listed[0], description: listed[1] }
}
