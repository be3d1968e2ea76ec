/**
 * Compares the variables of a function before and after a round.
 */
import { sharedView } from '../../model/shared-view.ts'
import { MadeView } from './made-view.ts'
import type { Scope } from './scope.ts'
import { Dead, valueIn } from './values.ts'

/** The scopes of a function at the start of the round, and a copy of their variables. */
export interface Before {
  /** The value of `this`. */
  readonly self: unknown
  readonly chain: readonly Scope[]
  readonly values: readonly ReadonlyMap<string, unknown>[]
}

/**
 * Compares values before and after a round. A view that the round has made counts as the one before it, if variables that
 * held the same view hold the same one still, and others do not.
 */
export class Likeness {
  readonly #after = new Map<unknown, unknown>()
  readonly #before = new Map<unknown, unknown>()

  holds(before: unknown, now: unknown): boolean {
    if (before instanceof Dead) return true
    if (!Object.is(before, now) && !(now instanceof MadeView && now.isLike(before))) return false
    return sharedView(before) === undefined || this.#pair(before, now)
  }

  #pair(before: unknown, now: unknown): boolean {
    const [after, origin] = [this.#after.get(before) ?? now, this.#before.get(now) ?? before]
    this.#after.set(before, now)
    this.#before.set(now, before)
    return after === now && origin === before
  }
}

/**
 * Returns what differs in the variables after a round, as the end of a sentence about the loop; undefined if nothing
 * does.
 */
export function differenceOf(
  before: Before | undefined,
  now: readonly Scope[],
  likeness: Likeness,
): string | undefined {
  const own = before?.chain.length ?? 0
  for (const [level, { node, values }] of now.slice(0, own).entries()) {
    if (node !== before?.chain[level]?.node) return 'comes to the same access in another block'
    const name = firstChange(before.values[level]!, values, likeness)
    if (name !== undefined) return `changes ${name} from round to round`
  }
  if (before === undefined || now.length < own) return 'comes to the same access in another block'
  if (now.length === own) return undefined
  // For a function that the round has made: the variables around it, if the function before it had them too.
  const around = before.chain.at(-1)?.outer ?? []
  const variables = now.slice(own).flatMap(({ values }) => Array.from(values))
  const outermost = (now.at(-1)?.outer ?? []).flatMap((scope) =>
    Object.getOwnPropertyNames(scope).map((name) => [name, valueIn(scope, name)] as const),
  )
  for (const [name, value] of [...variables, ...outermost]) {
    const holder = around.find((each) => Object.hasOwn(each, name))
    if (holder !== undefined && !likeness.holds(valueIn(holder, name), value))
      return `changes ${name} from round to round`
  }
  return undefined
}

/**
 * Returns the name of a variable that holds another value than before; undefined if there is none. A variable without a
 * value yet does not count.
 */
function firstChange(
  before: ReadonlyMap<string, unknown>,
  now: ReadonlyMap<string, unknown>,
  likeness: Likeness,
): string | undefined {
  return [...now].find(([name, value]) => !(value instanceof Dead) && !likeness.holds(before.get(name), value))?.[0]
}
