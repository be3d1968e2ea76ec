/**
 * Members of objects in a round: `a.b`, `a[b]`, `a.#b`, and chains of them with `?.`.
 */
import type { AnyNode, MemberExpression } from 'acorn'
import { getProperty, privateValue } from './properties.ts'
import type { Round } from './round.ts'
import { contains } from './source.ts'
import { Obstacle, Unknown } from './values.ts'

/** Where a chain such as `a?.b.c()` breaks off. */
const BROKEN = Symbol('a chain breaks off')

export function chain(round: Round, node: AnyNode): unknown {
  const back = round.mark()
  try {
    return round.evaluate(node)
  } catch (thrown) {
    if (thrown !== BROKEN) throw thrown
    back()
    return undefined
  }
}

/** Ends a chain at `?.` if there is nothing before it. */
export function breakOff(optional: boolean, value: unknown): void {
  if (!optional) return
  if (value instanceof Unknown) throw new Obstacle('has a condition whose value cannot be told')
  if (value === null || value === undefined) throw BROKEN
}

/** A property's value, and the object that it was asked of. */
export function member(round: Round, node: MemberExpression): { value: unknown; self: unknown } {
  const { object, property, computed, optional } = node
  if (object.type === 'Super') throw new Obstacle('calls a method of its superclass')
  // The access that the round begins with may be this property's.
  const { target, seeking } = round
  const begins = seeking && !contains(object, target) && !(computed && contains(property, target))
  const self = round.evaluate(object)
  breakOff(optional, self)
  if (property.type === 'PrivateIdentifier') return { self, value: privateValue(round, self, property.name) }
  const key = keyOf(round, node)
  if (begins) return { self, value: round.find(node) }
  return { self, value: getProperty(round, node, self, key) }
}

/** The key of a property that is not a private one. */
export function keyOf(round: Round, { property, computed }: MemberExpression): unknown {
  if (computed) return round.evaluate(property)
  return property.type === 'Identifier' ? property.name : new Unknown()
}
