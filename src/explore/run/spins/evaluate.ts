/**
 * Evaluates the expressions of a round. A value is computed where its operands are known. An effect beyond the round,
 * or a call of code that cannot be read, is an obstacle. While the start of the round is sought, the expressions before
 * it have been evaluated already (operands.ts).
 */
import type {
  AnyNode,
  ArrayExpression,
  BinaryExpression,
  ConditionalExpression,
  Literal,
  ObjectExpression,
  Property,
  SequenceExpression,
  TemplateLiteral,
} from 'acorn'
import { assign, update } from './assign.ts'
import { call, construct } from './call.ts'
import { binary, unary } from './operators.ts'
import { chain, member } from './members.ts'
import { literal, operand, simple } from './operands.ts'
import { propertiesOf, toKey } from './properties.ts'
import type { Round } from './round.ts'
import { contains } from './syntax.ts'
import {
  computed,
  isPrimitive,
  isTruthy,
  MadeObject,
  Obstacle,
  refuseConversion,
  Unknown,
  UnknownPrimitive,
} from './values.ts'

/** Evaluates an expression and returns its value, which may be unknown. Throws an obstacle. */
export function evaluate(round: Round, node: AnyNode): unknown {
  round.count()
  if (round.seeking && !contains(node, round.target)) return operand(round, node)
  switch (node.type) {
    case 'Identifier':
    case 'Literal':
    case 'ThisExpression':
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return simple(round, node)
    case 'ParenthesizedExpression':
      return round.evaluate(node.expression)
    case 'TemplateLiteral':
      return template(round, node)
    case 'UnaryExpression':
      if (node.operator === 'delete') throw new Obstacle('deletes a property')
      return unary(node.operator, round.evaluate(node.argument))
    case 'BinaryExpression':
      return compare(round, node)
    case 'LogicalExpression':
      return logical(round, node.operator, node.left, node.right)
    case 'ConditionalExpression':
      return conditional(round, node)
    case 'SequenceExpression':
      return sequence(round, node)
    case 'AssignmentExpression':
      return assign(round, node)
    case 'UpdateExpression':
      return update(round, node)
    case 'ChainExpression':
      return chain(round, node.expression)
    case 'MemberExpression':
      return member(round, node).value
    case 'CallExpression':
      return call(round, node)
    case 'NewExpression':
      return construct(round, node)
    case 'ArrayExpression':
      return array(round, node)
    case 'ObjectExpression':
      return object(round, node)
    default:
      throw new Obstacle(`has a ${node.type}, which cannot be predicted`)
  }
}

function template(round: Round, { expressions, quasis }: TemplateLiteral): unknown {
  const parts = expressions.map((part) => round.evaluate(part))
  refuseConversion(...parts)
  if (!parts.every(isPrimitive)) return new UnknownPrimitive()
  const text = (index: number): string => (index < parts.length ? String(parts[index]) : '')
  return computed(() => quasis.map(({ value }, index) => `${value.cooked ?? ''}${text(index)}`).join(''))
}

function compare(round: Round, { left, right, operator }: BinaryExpression): unknown {
  if (left.type === 'PrivateIdentifier') throw new Obstacle('checks for a private name')
  return binary(operator, round.evaluate(left), round.evaluate(right))
}

function sequence(round: Round, { expressions }: SequenceExpression): unknown {
  let value: unknown
  for (const each of expressions) {
    // The values of the expressions before the start of the round are not used.
    if (!round.seeking || contains(each, round.target)) value = round.evaluate(each)
  }
  return value
}

function conditional(round: Round, { test, consequent, alternate }: ConditionalExpression): unknown {
  if (round.seeking && !contains(test, round.target)) {
    return round.evaluate(contains(consequent, round.target) ? consequent : alternate)
  }
  return round.evaluate(isTruthy(round.evaluate(test)) ? consequent : alternate)
}

function array(round: Round, { elements }: ArrayExpression): unknown[] {
  return elements.map((each) => {
    if (each === null || each.type === 'SpreadElement') throw new Obstacle('spreads a sequence')
    return round.evaluate(each)
  })
}

function object(round: Round, { properties }: ObjectExpression): MadeObject {
  const made = new MadeObject()
  for (const each of properties) {
    if (each.type === 'SpreadElement') {
      const copied = round.evaluate(each.argument)
      // The properties may have changed since.
      if (round.seeking) throw new Obstacle('has spread an object before the access')
      for (const [key, value] of propertiesOf(copied)) made.values.set(key, value)
      continue
    }
    if (each.kind !== 'init') throw new Obstacle('makes an object with a getter or a setter')
    if (isPrototype(each)) throw new Obstacle('makes an object with another prototype')
    made.values.set(keyOfProperty(round, each), round.evaluate(each.value))
  }
  return made
}

function keyOfProperty(round: Round, { key, computed }: Property): PropertyKey {
  if (!computed) return key.type === 'Identifier' ? key.name : toKey(literal(key as Literal))
  const value = round.evaluate(key)
  refuseConversion(value)
  if (value instanceof Unknown) throw new Obstacle('makes an object with an unknown key')
  return toKey(value)
}

/** Whether a property of an object literal is `__proto__: value`, which sets the prototype. */
function isPrototype({ key, computed, shorthand, method }: Property): boolean {
  if (computed || shorthand || method) return false
  return (key.type === 'Identifier' ? key.name : key.type === 'Literal' && key.value) === '__proto__'
}

function logical(round: Round, operator: string, left: AnyNode, right: AnyNode): unknown {
  if (round.seeking && !contains(left, round.target)) return round.evaluate(right)
  const value = round.evaluate(left)
  if (operator === '??') {
    if (value instanceof Unknown) throw new Obstacle('has a condition whose value is unknown')
    return value ?? round.evaluate(right)
  }
  if (operator === '&&') return isTruthy(value) ? round.evaluate(right) : value
  return isTruthy(value) ? value : round.evaluate(right)
}
