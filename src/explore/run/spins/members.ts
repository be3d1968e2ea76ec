/**
 * Members of objects in a round: `a.b`, `a[b]`, `a.#b`, and chains of them with `?.`.
 */
import type { AnyNode, MemberExpression } from 'acorn'
import { operandMember } from './operands.ts'
import { getProperty, getterOf, privateGetter, privateMember } from './properties.ts'
import type { Round } from './round.ts'
import { contains } from './syntax.ts'
import { Obstacle, Unknown } from './values.ts'

/** Thrown where a chain such as `a?.b.c()` ends early. */
const CHAIN_ENDS = Symbol('a chain ends early')

/** Evaluates a chain; undefined if it ends early. */
export function chain(round: Round, node: AnyNode): unknown {
  try {
    return round.evaluate(node)
  } catch (thrown) {
    if (thrown !== CHAIN_ENDS) throw thrown
    return undefined
  }
}

/** Ends a chain at `?.` if `value`, the part before it, is null or undefined. */
export function endChainIfNullish(optional: boolean, value: unknown): void {
  if (!optional) return
  if (value instanceof Unknown) throw new Obstacle('has a condition whose value is unknown')
  if (value === null || value === undefined) throw CHAIN_ENDS
}

/**
 * Returns the value of a member, and the object that it belongs to. `isCalled`: whether the value is called, and used for
 * nothing else.
 */
export function member(round: Round, node: MemberExpression, isCalled = false): { value: unknown; self: unknown } {
  const { object, property, computed, optional } = node
  if (object.type === 'Super') throw new Obstacle('calls a method of its superclass')
  const { target, seeking } = round
  if (seeking && !contains(node, target)) return operandMember(round, node)
  // The round may start with the access of this member.
  const begins = seeking && !contains(object, target) && !(computed && contains(property, target))
  const self = round.evaluate(object)
  endChainIfNullish(optional, self)
  const key = property.type === 'PrivateIdentifier' ? undefined : keyOf(round, node)
  if (begins) return { self, value: read(round, node, self, key) }
  if (property.type === 'PrivateIdentifier')
    return { self, value: privateMember(round, node, self, property, isCalled) }
  return { self, value: getProperty(round, node, self, key) }
}

/**
 * Returns what a member has given that the round starts in: the element of a view, or the result of its getter. A frame that
 * has returned must be that of the getter.
 */
export function read(round: Round, node: MemberExpression, self: unknown, key: unknown): unknown {
  const result = round.find(node)
  const { left } = round
  if (left === undefined) return result
  const { property } = node
  const getter = property.type === 'PrivateIdentifier' ? privateGetter(round, property) : getterOf(round, self, key)
  if (left.isCallback || getter === undefined || getter !== left.source.functionAt(left.offset))
    throw new Obstacle('returns from a function that native code may have called')
  return result
}

/** Returns the key of a member that is not private. */
export function keyOf(round: Round, { property, computed }: MemberExpression): unknown {
  if (computed) return round.evaluate(property)
  return property.type === 'Identifier' ? property.name : new Unknown()
}
