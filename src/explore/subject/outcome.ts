/**
 * Outcomes: what observe() returned, as a key, and the grade that the scenario gives it. If two different values had
 * the same key, a forbidden outcome could pass for an acceptable one; so a value that JSON does not represent is
 * refused.
 */
import type { Grade, Scenario } from '../../scenario.ts'
import { Refusal } from '../model/refusal.ts'
import { calling } from '../run/thrown.ts'

/** The outcome of one schedule. */
export interface Outcome {
  /** The string that observe() returned, or else the JSON of what it returned. */
  readonly key: string
  readonly grade: Grade
  readonly description: string | undefined
}

type Results = Record<string, unknown>

/** What the functions that look at the end of a schedule are called with. */
export interface Seen {
  /** Return new copies for each function that is called with them. */
  readonly memory: () => unknown
  readonly results: () => Results
  /** The name of the actor that has crashed. */
  readonly crashed: string | undefined
}

/** Returns the outcome of a schedule. */
export function outcomeOf(scenario: Scenario, { memory, results, crashed }: Seen): Outcome {
  if (scenario.observe === undefined) return graded(scenario, outcomeKey(results()))
  const seen = calling('observe()', () => scenario.observe?.(memory(), results(), crashed))
  refusePromise('observe()', seen)
  if (seen === undefined && scenario.outcomes === undefined) return graded(scenario, outcomeKey(results()))
  const key = keyOf(seen, refuseHidden)
  const listed = (name: string): boolean => Object.hasOwn(scenario.outcomes ?? {}, name)
  if (seen === undefined && !listed(key)) {
    throw new Refusal('observe() returned undefined, which is not a listed outcome: return what it observed.')
  }
  if (typeof seen === 'bigint' && !listed(key) && listed(String(seen))) {
    throw new Refusal(
      `observe() returned the BigInt ${key}, and the outcomes list ${seen}: list it as "${key}", or return Number(…).`,
    )
  }
  return graded(scenario, key)
}

/** Returns the key of an outcome: the string itself, or else its JSON. A BigInt is written as in a program: `5n`. */
export function outcomeKey(seen: unknown): string {
  return keyOf(seen, () => {})
}

/** Throws Refusal if the function `name` returned a promise or an iterator. */
export function refusePromise(name: string, returned: unknown): void {
  if (isThenable(returned)) {
    throw new Refusal(`${name} returned a promise, so its work is not done yet: it must be a synchronous function.`)
  }
  if (hasMethod(returned, 'next')) {
    throw new Refusal(`${name} returned an iterator, so it has not run yet: it must be a plain function.`)
  }
}

/** Whether a value is a promise, or an object that `await` takes for one. */
export function isThenable(value: unknown): boolean {
  return hasMethod(value, 'then')
}

function hasMethod(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function'
}

function keyOf(seen: unknown, check: (value: unknown, path: string) => void): string {
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

function jsonOf(seen: unknown, check: (value: unknown, path: string) => void): string | undefined {
  const outer: { readonly value: object; readonly path: string }[] = []
  return JSON.stringify(seen, function (this: object, key, value: unknown) {
    // JSON.stringify visits the objects depth first; `this` is the object that has the key.
    while (outer.length > 0 && outer.at(-1)?.value !== this) outer.pop()
    const path = pathOf(outer.at(-1), key)
    if (typeof value === 'object' && value !== null) {
      if (outer.some((each) => each.value === value))
        throw new Refusal(`The outcome refers to itself at "${path}", so it has no JSON.`)
      outer.push({ value, path })
    }
    check(value, path)
    // JSON has neither: a BigInt throws, and a symbol would be null.
    return typeof value === 'bigint' ? `${value}n` : typeof value === 'symbol' ? String(value) : value
  })
}

/** Returns the path of a key from the outcome: `p.q[0]`; empty for the outcome itself. */
function pathOf(outer: { readonly value: object; readonly path: string } | undefined, key: string): string {
  if (outer === undefined) return key
  if (Array.isArray(outer.value)) return `${outer.path}[${key}]`
  return outer.path === '' ? key : `${outer.path}.${key}`
}

/** Throws Refusal for a value whose JSON would hide what it is. */
function refuseHidden(value: unknown, path: string): void {
  const where = path === '' ? '' : ` at "${path}"`
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new Refusal(`observe() returned a ${typeof value}${where}, which has no JSON: return data.`)
  }
  if (value instanceof Map || value instanceof Set) {
    const name = value instanceof Map ? 'Map' : 'Set'
    throw new Refusal(
      `observe() returned a ${name}${where}, whose JSON is {}, whatever it contains: return [...it] instead.`,
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
