/** Whether a function that waits for a call may hold values that no variable shows. */
import type { AnyNode, AssignmentExpression } from 'acorn'
import type { CallFrame } from '../../run/spins/inspection.ts'
import type { Source } from '../../run/spins/source.ts'
import { childrenOf, isFunction, namesIn } from '../../run/spins/syntax.ts'

/** Whether the frame may hold the value of a part of an expression, an iterator, or the way in which a `finally` goes on. */
export function hidesValues({ source, offset, isCallback }: CallFrame): boolean {
  if (isCallback) return true
  const path = source.pathTo(offset)
  const within = path.slice(path.findLastIndex(isFunction) + 1)
  return within.some((node, index) => hides(source, node, within[index + 1]))
}

function hides(source: Source, node: AnyNode, child: AnyNode | undefined): boolean {
  switch (node.type) {
    case 'ForOfStatement':
    case 'ForInStatement':
    case 'SwitchCase':
      return child !== undefined
    case 'TryStatement':
      return child !== undefined && child === node.finalizer
    case 'BinaryExpression':
      return child === node.right && !isStill(source, node.left)
    case 'AssignmentExpression':
      return child === node.right && !isTargetStill(source, node)
    case 'CallExpression':
    case 'NewExpression':
    case 'ArrayExpression':
    case 'TemplateLiteral': {
      const parts = childrenOf(node).toSorted((one, other) => one.start - other.start)
      const before = child === undefined ? [] : parts.slice(0, parts.indexOf(child))
      return before.some((part) => part.type !== 'TemplateElement' && !isStill(source, part))
    }
    case 'ObjectExpression':
    case 'YieldExpression':
    case 'AwaitExpression':
    case 'TaggedTemplateExpression':
    case 'SpreadElement':
      return child !== undefined
    default:
      return false
  }
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
  if (left.type === 'Identifier') return operator === '=' || source.neverAssigns(left.name)
  if (left.type !== 'MemberExpression' || left.computed) return false
  return operator === '=' ? isStill(source, left.object) : isStill(source, left)
}

/** Whether an expression has the same value whenever it is evaluated in the same local state. */
function isStill(source: Source, node: AnyNode): boolean {
  switch (node.type) {
    case 'Literal':
    case 'ThisExpression':
    case 'PrivateIdentifier':
      return true
    case 'Identifier':
      return source.neverAssigns(node.name) || node.name === 'Atomics'
    case 'MemberExpression':
      return !node.computed && isStill(source, node.object) && !source.assignsMember(node.property)
    case 'UnaryExpression':
      return isStill(source, node.argument)
    case 'BinaryExpression':
    case 'LogicalExpression':
      return isStill(source, node.left) && isStill(source, node.right)
    default:
      return false
  }
}
