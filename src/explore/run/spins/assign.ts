/**
 * The assignments of a round. Variables that the round has declared change. What lives longer than the round may only
 * be assigned the value that it holds.
 */
import type {
  AnyNode,
  AssignmentExpression,
  MemberExpression,
  Pattern,
  PrivateIdentifier,
  UpdateExpression,
} from 'acorn'
import { keyOf, read } from './members.ts'
import { binary, counted } from './operators.ts'
import { getProperty, privateField, setProperty } from './properties.ts'
import type { Round } from './round.ts'
import { contains } from './syntax.ts'
import { isPlainArray, isTruthy, Obstacle, Unknown } from './values.ts'

const LOGICAL = new Set(['&&=', '||=', '??='])

/** Evaluates an assignment and returns its value. */
export function assign(round: Round, node: AssignmentExpression): unknown {
  const { left, right, operator } = node
  if (left.type === 'MemberExpression') return assignMember(round, node, left)
  if (operator === '=') {
    const value = round.evaluate(right)
    assignPattern(round, left, value, false)
    return value
  }
  const before = round.evaluate(left)
  if (LOGICAL.has(operator)) {
    if (!round.seeking && !isAssigned(operator, before)) return before
    const value = round.evaluate(right)
    assignPattern(round, left, value, false)
    return value
  }
  const after = binary(operator.slice(0, -1), before, round.evaluate(right))
  assignPattern(round, left, after, false)
  return after
}

/** Whether an assignment such as `||=` assigns, given the value before it. */
function isAssigned(operator: string, before: unknown): boolean {
  if (operator === '&&=') return isTruthy(before)
  if (operator === '||=') return !isTruthy(before)
  if (before instanceof Unknown) throw new Obstacle('has a condition whose value is unknown')
  return before === undefined || before === null
}

function assignMember(round: Round, node: AssignmentExpression, left: MemberExpression): unknown {
  const { right, operator } = node
  if (left.object.type === 'Super') throw new Obstacle('assigns to its superclass')
  if (LOGICAL.has(operator)) throw new Obstacle('assigns a property under a condition')
  if (left.property.type === 'PrivateIdentifier') return assignPrivate(round, node, left, left.property)
  const { target, seeking } = round
  const begins = seeking && !contains(left, target) && !contains(right, target)
  const self = round.evaluate(left.object)
  const key = keyOf(round, left)
  let before: unknown = new Unknown()
  // The round starts by reading the property if it has not started in the object or the key.
  if (operator !== '=' && round.seeking && contains(left, target)) before = read(round, left, self, key)
  else if (operator !== '=' && !round.seeking) before = getProperty(round, left, self, key)
  const value = round.evaluate(right)
  const after = operator === '=' ? value : binary(operator.slice(0, -1), before, value)
  if (begins) round.find(node)
  else setProperty(round, node, self, key, after)
  return after
}

function assignPrivate(
  round: Round,
  { right, operator }: AssignmentExpression,
  left: MemberExpression,
  property: PrivateIdentifier,
): unknown {
  const { name } = property
  if (round.seeking && operator !== '=') throw new Obstacle(`has read #${name} before the access`)
  const before = privateField(round, round.evaluate(left.object), property)
  const value = round.evaluate(right)
  const after = operator === '=' ? value : binary(operator.slice(0, -1), before, value)
  if (!Object.is(before, after)) throw new Obstacle(`changes #${name}`)
  return after
}

/** Evaluates `++` or `--` and returns its value. */
export function update(round: Round, { argument, operator, prefix }: UpdateExpression): unknown {
  if (argument.type === 'MemberExpression') throw new Obstacle('changes a property or shared memory')
  const { before, after } = counted(operator, round.evaluate(argument))
  assignPattern(round, argument, after, false)
  return prefix ? after : before
}

/** Assigns a value to a pattern, or declares the names in it. */
export function assignPattern(round: Round, pattern: Pattern | AnyNode, value: unknown, declare: boolean): void {
  switch (pattern.type) {
    case 'Identifier':
      if (declare) round.scope.declare(pattern.name, value)
      else round.scope.write(pattern.name, value)
      return
    case 'AssignmentPattern':
      if (value instanceof Unknown) throw new Obstacle('has a condition whose value is unknown')
      assignPattern(round, pattern.left, value === undefined ? round.evaluate(pattern.right) : value, declare)
      return
    case 'ObjectPattern':
      for (const each of pattern.properties) {
        if (each.type === 'RestElement' || each.computed)
          throw new Obstacle('destructures an object with a rest element or a computed key')
        const key = each.key.type === 'Identifier' ? each.key.name : round.evaluate(each.key)
        assignPattern(round, each.value, getProperty(round, each, value, key), declare)
      }
      return
    case 'ArrayPattern':
      if (!isPlainArray(value)) throw new Obstacle('destructures a value that is not a plain array')
      for (const [index, each] of pattern.elements.entries()) {
        if (each === null) continue
        if (each.type === 'RestElement') throw new Obstacle('destructures an array with a rest element')
        // Beyond the end, the language takes nothing from the prototypes.
        assignPattern(round, each, index < value.length ? value[index] : undefined, declare)
      }
      return
    default:
      throw new Obstacle(`assigns to a ${pattern.type}`)
  }
}
