/** Whether a function that waits for a call may hold values that no variable shows. */
import type { AnyNode, AssignmentExpression, MemberExpression } from 'acorn'
import type { CallFrame } from '../../run/spins/inspection.ts'
import type { Source } from '../../run/spins/source.ts'
import { childrenOf, contains, convertsUnseenAfter, expressionAt, isFunction, namesIn } from '../../run/spins/syntax.ts'

/**
 * Whether one of the frames, the outermost first, may hold the value of a part of an expression, an iterator, or the way in which a
 * `finally` goes on.
 */
export function hideValues(frames: readonly CallFrame[]): boolean {
  return frames.some((frame, depth) => hidesValues(frame, depth === frames.length - 1))
}

/** `accesses`: whether the function makes the access itself. Otherwise it waits for another function of the code under test. */
function hidesValues({ source, offset, isCallback }: CallFrame, accesses: boolean): boolean {
  if (isCallback) return true
  const path = source.pathTo(offset)
  const start = path.findLastIndex(isFunction)
  const within = path.slice(start + 1)
  const body = path[start]
  if (body !== undefined && isFunction(body)) {
    // Not all parameters may have their values yet.
    if (!contains(body.body, offset)) return true
    // V8 may show the position of the call before.
    if (!accesses && convertsUnseenAfter(expressionAt(body, offset), offset)) return true
  }
  return within.some((node, index) => hides(source, node, within[index + 1]))
}

/**
 * Whether a node may hold a value while its child waits. If no child contains the position, it is that of an operator, and the node
 * itself waits. A node that is not known to hold nothing may hold something.
 */
function hides(source: Source, node: AnyNode, child: AnyNode | undefined): boolean {
  switch (node.type) {
    case 'Identifier':
    case 'PrivateIdentifier':
    case 'Literal':
    case 'ThisExpression':
    case 'Super':
    case 'BlockStatement':
    case 'BreakStatement':
    case 'CatchClause':
    case 'ContinueStatement':
    case 'DoWhileStatement':
    case 'ExpressionStatement':
    case 'ForStatement':
    case 'IfStatement':
    case 'LabeledStatement':
    case 'ReturnStatement':
    case 'SwitchStatement':
    case 'ThrowStatement':
    case 'VariableDeclaration':
    case 'VariableDeclarator':
    case 'WhileStatement':
    // What these have evaluated before has been used, or is dropped.
    case 'ChainExpression':
    case 'ConditionalExpression':
    case 'LogicalExpression':
    case 'ParenthesizedExpression':
    case 'SequenceExpression':
    case 'UnaryExpression':
      return false
    case 'SwitchCase':
      return child === undefined || child === node.test
    case 'TryStatement':
      return child !== node.block && child !== node.handler
    case 'BinaryExpression':
      return child !== node.left && (child === undefined || !isStill(source, node.left))
    case 'AssignmentExpression':
      return child !== node.left && (child === undefined || !isTargetStill(source, node))
    case 'MemberExpression':
      return node.computed && child !== node.object && !isStill(source, node.object)
    case 'TemplateLiteral':
      // Converted to texts.
      return partsBefore(node, child).some(({ type }) => type !== 'TemplateElement')
    case 'CallExpression':
    case 'NewExpression':
    case 'ArrayExpression':
      return partsBefore(node, child).some((part) => !isStill(source, part))
    default:
      return true
  }
}

/** Returns the parts that a node has evaluated before a child. At a call itself, V8 has handed them on. */
function partsBefore(node: AnyNode, child: AnyNode | undefined): AnyNode[] {
  return child === undefined ? [] : childrenOf(node).filter(({ start }) => start < child.start)
}

/**
 * Returns the names of the variables of a function that have no value yet where it is: those that a block around the position declares
 * further on. In a loop, V8 shows the values that they had in the last round.
 */
export function unsetVariables({ source, offset }: CallFrame): ReadonlySet<string> {
  const path = source.pathTo(offset)
  const start = path.findLastIndex(isFunction)
  const body = path[start]
  if (body === undefined) return new Set()
  const all = declaratorsIn(body)
  const unset = path
    .slice(start + 1)
    .flatMap((node) => (node.type === 'BlockStatement' ? later(node.body, offset) : []))
  // A name that the function declares twice may stand for a variable that has a value.
  return new Set(unset.filter((name) => all.filter((each) => each === name).length === 1))
}

function later(statements: readonly AnyNode[], offset: number): string[] {
  return statements.flatMap((statement) =>
    statement.type === 'VariableDeclaration' && statement.kind !== 'var'
      ? statement.declarations.flatMap(({ id, end }) => (end > offset ? namesIn(id) : []))
      : [],
  )
}

function declaratorsIn(node: AnyNode): string[] {
  const own =
    node.type === 'VariableDeclarator' ? namesIn(node.id) : isFunction(node) ? node.params.flatMap(namesIn) : []
  return [...own, ...childrenOf(node).flatMap((child) => declaratorsIn(child))]
}

/** Whether what an assignment has evaluated before its right side is the same whenever it is evaluated. */
function isTargetStill(source: Source, { left, operator }: AssignmentExpression): boolean {
  // Those with a logical operator have dropped the value of the left side.
  const onlyAssigns = ['=', '||=', '&&=', '??='].includes(operator)
  if (left.type === 'Identifier') return onlyAssigns
  return onlyAssigns && left.type === 'MemberExpression' && !left.computed && isStill(source, left.object)
}

/**
 * Whether an expression has the same value whenever it is evaluated in the same local state. An operator is not among them: what it
 * converts may be an object that changes.
 */
function isStill(source: Source, node: AnyNode): boolean {
  switch (node.type) {
    case 'Literal':
    case 'ThisExpression':
    case 'PrivateIdentifier':
      return true
    case 'Identifier':
      if (node.name === 'Atomics' && !source.declared.includes(node.name)) return true
      return source.neverAssigns(node.name) && !source.hasAliases
    case 'MemberExpression':
      return isStillMember(source, node)
    default:
      return false
  }
}

function isStillMember(source: Source, { object, property, computed }: MemberExpression): boolean {
  return !computed && isStill(source, object) && !source.assignsMember(property)
}
