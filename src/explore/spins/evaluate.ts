/**
 * Expressions of a round. Values are computed where they are known; what has effects beyond the round, or is asked of code
 * that cannot be read, is an obstacle. While the round's beginning is sought, what stands before it has been evaluated:
 * only names and constants are read again, since they still hold what they held.
 */
import type { AnyNode, AssignmentExpression, Pattern, UpdateExpression } from 'acorn'
import { call, construct } from './call.ts'
import { binary, unary } from './operators.ts'
import { getProperty, setProperty } from './properties.ts'
import type { Round } from './round.ts'
import { childrenOf, contains } from './source.ts'
import { Closure, isPrimitive, isTruthy, Made, Obstacle, Unknown } from './values.ts'

export function evaluate(round: Round, node: AnyNode): unknown {
  round.count()
  if (round.seeking && !contains(node, round.target)) return again(round, node)
  switch (node.type) {
    case 'Identifier':
      return node.name === 'undefined' ? undefined : round.scope.read(node.name)
    case 'Literal':
      return 'regex' in node && node.regex ? new Made() : node.value
    case 'ThisExpression':
      return round.activation.self
    case 'ParenthesizedExpression':
      return evaluate(round, node.expression)
    case 'TemplateLiteral': {
      const parts = node.expressions.map((part) => evaluate(round, part))
      if (!parts.every(isPrimitive)) return new Unknown()
      return node.quasis.map(({ value }, index) => `${value.cooked ?? ''}${index < parts.length ? String(parts[index]) : ''}`).join('')
    }
    case 'UnaryExpression':
      if (node.operator === 'delete') throw new Obstacle('deletes a property')
      return unary(node.operator, evaluate(round, node.argument))
    case 'BinaryExpression': {
      if (node.left.type === 'PrivateIdentifier') throw new Obstacle('looks for a private name')
      const stale = round.seeking && contains(node.right, round.target) && assigns(node.right)
      const left = stale ? new Unknown() : evaluate(round, node.left)
      return binary(node.operator, left, evaluate(round, node.right))
    }
    case 'LogicalExpression':
      return logical(round, node.operator, node.left, node.right)
    case 'ConditionalExpression': {
      const { test, consequent, alternate } = node
      if (round.seeking && !contains(test, round.target)) {
        return evaluate(round, contains(consequent, round.target) ? consequent : alternate)
      }
      return evaluate(round, isTruthy(evaluate(round, test)) ? consequent : alternate)
    }
    case 'SequenceExpression': {
      let value: unknown
      for (const each of node.expressions) value = evaluate(round, each)
      return value
    }
    case 'AssignmentExpression':
      return assignment(round, node)
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
    case 'ArrowFunctionExpression':
    case 'FunctionExpression': {
      const { source, self } = round.activation
      return new Closure(node, source, round.scope, self)
    }
    case 'ArrayExpression': {
      const parts = node.elements.map((each) => {
        if (each === null || each.type === 'SpreadElement') throw new Obstacle('spreads a sequence')
        return evaluate(round, each)
      })
      return parts
    }
    case 'ObjectExpression':
      for (const each of node.properties) {
        if (each.type === 'SpreadElement') throw new Obstacle('spreads an object')
        if (each.computed) evaluate(round, each.key)
        evaluate(round, each.value)
      }
      return new Made()
    default:
      throw new Obstacle(`has a ${node.type} that cannot be foretold`)
  }
}

/** What an expression gave that was evaluated before the round began. */
function again(round: Round, node: AnyNode): unknown {
  if (node.type === 'Literal' || node.type === 'ThisExpression') return evaluateSimple(round, node)
  if (node.type === 'Identifier') return evaluateSimple(round, node)
  return new Unknown()
}

function evaluateSimple(round: Round, node: AnyNode): unknown {
  if (node.type === 'Identifier') return node.name === 'undefined' ? undefined : round.scope.read(node.name)
  if (node.type === 'ThisExpression') return round.activation.self
  return node.type === 'Literal' && !('regex' in node && node.regex) ? node.value : new Unknown()
}

function logical(round: Round, operator: string, left: AnyNode, right: AnyNode): unknown {
  if (round.seeking && !contains(left, round.target)) return evaluate(round, right)
  const value = evaluate(round, left)
  if (operator === '??') {
    if (value instanceof Unknown) throw new Obstacle('has a condition whose value cannot be told')
    return value ?? evaluate(round, right)
  }
  if (operator === '&&') return isTruthy(value) ? evaluate(round, right) : value
  return isTruthy(value) ? value : evaluate(round, right)
}

/** Where a chain such as `a?.b.c()` breaks off. */
class Broken {}

function chain(round: Round, node: AnyNode): unknown {
  const back = round.mark()
  try {
    return evaluate(round, node)
  } catch (thrown) {
    if (!(thrown instanceof Broken)) throw thrown
    back()
    return undefined
  }
}

/** Ends a chain at `?.` if there is nothing before it. */
export function breakOff(optional: boolean, value: unknown): void {
  if (!optional) return
  if (value instanceof Unknown) throw new Obstacle('has a condition whose value cannot be told')
  if (value === null || value === undefined) throw new Broken()
}

/** A property's value, and the object that it was asked of. */
export function member(round: Round, node: Extract<AnyNode, { type: 'MemberExpression' }>): { value: unknown; self: unknown } {
  const { object, property, computed, optional } = node
  if (object.type === 'Super') throw new Obstacle('calls a method of its superclass')
  const seekingHere = round.seeking && !isWithin(round, object) && !(computed && isWithin(round, property))
  const self = evaluate(round, object)
  breakOff(optional, self)
  if (property.type === 'PrivateIdentifier') return { self, value: privateValue(round, self, property.name) }
  const key = computed ? evaluate(round, property) : property.type === 'Identifier' ? property.name : new Unknown()
  // The access that the round begins with is this property's.
  if (seekingHere) return { self, value: round.find(node) }
  return { self, value: getProperty(round, node, self, key) }
}

function isWithin(round: Round, node: AnyNode): boolean {
  return contains(node, round.target)
}

function privateValue(round: Round, self: unknown, name: string): unknown {
  if (typeof self !== 'object' || self === null || self instanceof Unknown || self instanceof Made) return new Unknown()
  const found = round.inspection.privateField(self, `#${name}`)
  if (found === undefined) throw new Obstacle(`uses the private name #${name}`)
  return found[0]
}

function assignment(round: Round, node: AssignmentExpression): unknown {
  const { left, right, operator } = node
  if (operator === '=') {
    if (left.type === 'MemberExpression') return assignMember(round, node, undefined)
    const value = evaluate(round, right)
    assignPattern(round, left, value, false)
    return value
  }
  if (left.type === 'MemberExpression') return assignMember(round, node, operator.slice(0, -1))
  if (round.seeking && assigns(right)) throw new Obstacle('assigns in the middle of an assignment')
  const before = evaluate(round, left)
  const short = ['&&=', '||=', '??='].includes(operator)
  if (short) {
    const goesOn = operator === '&&=' ? isTruthy(before) : operator === '||=' ? !isTruthy(before) : before === undefined || before === null
    if (operator === '??=' && before instanceof Unknown) throw new Obstacle('has a condition whose value cannot be told')
    if (!goesOn && !round.seeking) return before
  }
  const value = evaluate(round, right)
  const after = short ? value : binary(operator.slice(0, -1), before, value)
  assignPattern(round, left, after, false)
  return after
}

function assigns(node: AnyNode): boolean {
  if (node.type === 'AssignmentExpression' || node.type === 'UpdateExpression') return true
  return childrenOf(node).some(assigns)
}

function assignMember(round: Round, node: AssignmentExpression, operator: string | undefined): unknown {
  const { left, right } = node
  if (left.type !== 'MemberExpression' || left.object.type === 'Super') throw new Obstacle('assigns to its superclass')
  const begins = round.seeking && contains(node, round.target) && !contains(left, round.target) && !contains(right, round.target)
  const self = evaluate(round, left.object)
  if (left.property.type === 'PrivateIdentifier') {
    const before = privateValue(round, self, left.property.name)
    const value = evaluate(round, right)
    const after = operator === undefined ? value : binary(operator, before, value)
    if (!Object.is(before, after)) throw new Obstacle(`changes #${left.property.name}`)
    return after
  }
  const key = left.computed ? evaluate(round, left.property) : left.property.type === 'Identifier' ? left.property.name : new Unknown()
  if (operator !== undefined && (operator.length > 1 && ['&&', '||', '??'].includes(operator))) {
    throw new Obstacle('assigns under a condition')
  }
  const readHere = operator !== undefined && round.seeking && contains(left, round.target)
  const before = readHere ? round.find(left) : operator === undefined || round.seeking ? new Unknown() : getProperty(round, left, self, key)
  const value = evaluate(round, right)
  const after = operator === undefined ? value : binary(operator, before, value)
  if (begins) {
    round.find(node)
    return after
  }
  setProperty(round, node, self, key, after)
  return after
}

function update(round: Round, node: UpdateExpression): unknown {
  const { argument, operator, prefix } = node
  if (argument.type === 'MemberExpression') {
    throw new Obstacle('changes a property or shared memory')
  }
  const before = evaluate(round, argument)
  if (before instanceof Unknown || !isPrimitive(before)) {
    assignPattern(round, argument, new Unknown(), false)
    return new Unknown()
  }
  const number = typeof before === 'bigint' ? before : Number(before)
  const after = typeof number === 'bigint' ? (operator === '++' ? number + 1n : number - 1n) : operator === '++' ? number + 1 : number - 1
  assignPattern(round, argument, after, false)
  return prefix ? after : number
}

/** Binds or assigns what a pattern names. */
export function assignPattern(round: Round, pattern: Pattern | AnyNode, value: unknown, declare: boolean): void {
  switch (pattern.type) {
    case 'Identifier':
      if (declare) round.scope.declare(pattern.name, value)
      else round.scope.write(pattern.name, value)
      return
    case 'AssignmentPattern':
      if (value instanceof Unknown) throw new Obstacle('has a condition whose value cannot be told')
      assignPattern(round, pattern.left, value === undefined ? evaluate(round, pattern.right) : value, declare)
      return
    case 'ObjectPattern':
      for (const each of pattern.properties) {
        if (each.type === 'RestElement' || each.computed) throw new Obstacle('takes an object apart')
        const key = each.key.type === 'Identifier' ? each.key.name : evaluate(round, each.key)
        assignPattern(round, each.value, getProperty(round, each, value, key), declare)
      }
      return
    case 'ArrayPattern':
      if (!Array.isArray(value)) throw new Obstacle('takes a sequence apart')
      for (const [index, each] of pattern.elements.entries()) {
        if (each === null) continue
        if (each.type === 'RestElement') throw new Obstacle('takes a sequence apart')
        assignPattern(round, each, value[index], declare)
      }
      return
    default:
      throw new Obstacle(`assigns to a ${pattern.type}`)
  }
}
