/**
 * The operands that an expression has evaluated before the access that its actor has come to. V8 keeps their values
 * where no code can read them, so an operand is computed again. If code that was executed since may have changed what
 * an operand is computed from, the operand is an obstacle.
 */
import type { AnyNode, Literal, MemberExpression } from 'acorn'
import { Closure } from './closure.ts'
import { binary, unary } from './operators.ts'
import { getProperty, privateField } from './properties.ts'
import type { Round } from './round.ts'
import { BUILT_IN, isOfLanguage } from './language.ts'
import { assignedNames, childrenOf, contains, codeWithin, expressionAt } from './syntax.ts'
import { MadeSpecial, MissedVariable, Obstacle, Unknown } from './values.ts'

/** Returns the value of an operand that was evaluated before the start of the round. */
export function operand(round: Round, node: AnyNode): unknown {
  if (isKept(round, node) || isStill(round)) return pure(round, node)
  throw new Obstacle('has evaluated a part of an expression that cannot be evaluated again')
}

/**
 * Returns the value of a member that was evaluated before the start of the round, and the object that it belongs to.
 */
export function operandMember(round: Round, node: MemberExpression): { value: unknown; self: unknown } {
  const self = operand(round, node.object)
  if (isStill(round) || isOriginal(round, node)) return { self, value: ofMember(round, node, self) }
  throw new Obstacle('has evaluated a part of an expression that cannot be evaluated again')
}

/** Whether a member is a function of the language that no code has replaced. */
function isOriginal(round: Round, { object, property, computed }: MemberExpression): boolean {
  if (object.type !== 'Identifier' || !isBuiltIn(round, object.name)) return false
  if (computed || property.type !== 'Identifier') return false
  const owner = Reflect.get(globalThis, object.name) as object
  return isOfLanguage(Object.getOwnPropertyDescriptor(owner, property.name)?.value)
}

/** Evaluates an expression that has no parts, or a function. */
export function simple(round: Round, node: Simple): unknown {
  switch (node.type) {
    case 'Identifier':
      return round.read(node.name)
    case 'Literal':
      return literal(node)
    case 'ThisExpression':
      return round.activation.self
    default:
      return new Closure(node, round.activation.source, round.scope, round.activation.self)
  }
}

type Simple = Extract<
  AnyNode,
  { type: 'Identifier' | 'Literal' | 'ThisExpression' | 'ArrowFunctionExpression' | 'FunctionExpression' }
>

export function literal(node: Literal): unknown {
  return 'regex' in node && node.regex ? new MadeSpecial() : node.value
}

/** Evaluates an expression that executes nothing but itself. Any other is an obstacle. */
function pure(round: Round, node: AnyNode): unknown {
  switch (node.type) {
    case 'Identifier':
    case 'Literal':
    case 'ThisExpression':
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return simple(round, node)
    case 'UnaryExpression':
      if (node.operator === 'delete') throw new Obstacle('deletes a property')
      return unary(node.operator, pure(round, node.argument))
    case 'BinaryExpression':
      return binary(node.operator, pure(round, node.left), pure(round, node.right))
    case 'MemberExpression':
      return ofMember(round, node, pure(round, node.object))
    default:
      throw new Obstacle('has evaluated a part of an expression that cannot be evaluated again')
  }
}

function ofMember(round: Round, node: MemberExpression, self: unknown): unknown {
  const { property, computed, optional } = node
  if (optional) throw new Obstacle('has evaluated a part of a chain that cannot be evaluated again')
  if (property.type === 'PrivateIdentifier') return privateField(round, self, property)
  const key = computed ? pure(round, property) : property.type === 'Identifier' ? property.name : new Unknown()
  return getProperty(round, node, self, key)
}

/**
 * Whether no part of the expression that was executed before the access can have changed anything: no part calls a
 * function or makes an access. Then each part had the value that it has now.
 */
function isStill(round: Round): boolean {
  // In the function that has returned, anything may have happened.
  if (round.left !== undefined) return false
  try {
    for (const part of partsBefore(expressionAt(round.activation.node, round.target), round.target)) pure(round, part)
    return true
  } catch (thrown) {
    if (thrown instanceof Obstacle && !(thrown instanceof MissedVariable)) return false
    throw thrown
  }
}

/** Returns the parts of an expression that are evaluated before the access at an offset. */
function partsBefore(node: AnyNode, target: number): AnyNode[] {
  const children = childrenOf(node)
  const next = children.find((child) => contains(child, target))
  if (next === undefined) return [...children]
  // The position that V8 gives for a call is that of the called name. The arguments have been evaluated by then.
  const isCallee = (node.type === 'CallExpression' || node.type === 'NewExpression') && node.callee === next
  const before = children.filter((child) => child !== next && (isCallee || child.start < next.start))
  return [...(isAssigned(node) ? [] : before), ...partsBefore(next, target)]
}

/** Whether what stands on the left of a node is a variable, which is not evaluated but assigned at the end. */
function isAssigned(node: AnyNode): boolean {
  if (node.type === 'VariableDeclarator') return true
  return node.type === 'AssignmentExpression' && node.operator === '=' && node.left.type === 'Identifier'
}

/** Whether an operand has the value that it had when it was evaluated, whatever was executed since. */
function isKept(round: Round, node: AnyNode): boolean {
  if (node.type === 'Identifier') return isNeverAssigned(round, node.name)
  return node.type === 'Literal' || node.type === 'ThisExpression' || isFunctionExpression(node)
}

function isFunctionExpression({ type }: AnyNode): boolean {
  return type === 'ArrowFunctionExpression' || type === 'FunctionExpression'
}

/** Whether no code that was executed within the present expression can have assigned the variable. */
function isNeverAssigned(round: Round, name: string): boolean {
  if (isBuiltIn(round, name)) return true
  const { node, source } = round.activation
  if (source.hasAliases) return false
  if (source.neverAssigns(name)) return true
  // Only code within the function can assign a variable that it declares.
  if (!round.scope.chain().some(({ values }) => values.has(name))) return false
  if (codeWithin(node).some((inner) => assignedNames(inner).has(name))) return false
  return !partsBefore(expressionAt(node, round.target), round.target).some((part) => assignedNames(part).has(name))
}

/** Whether a name means an object of the language that a prediction may use. */
function isBuiltIn(round: Round, name: string): boolean {
  return BUILT_IN.has(name) && !round.activation.source.declared.includes(name)
}
