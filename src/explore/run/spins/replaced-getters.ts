/**
 * Getters that may have put another value in their own place. V8 gives the read of a member and the call of it one position. So
 * what looks like a method that has been called may be a getter that has been read, if it has become that method since.
 */
import type { AnyNode } from 'acorn'
import { allDeclared, childrenOf, isFunction } from './syntax.ts'

const REDEFINING: ReadonlySet<string> = new Set([
  'defineProperty',
  'defineProperties',
  '__defineGetter__',
  'setPrototypeOf',
  '__proto__',
])

/**
 * Whether code within `node`, or code of the source `root` that it may run, may change what `callee` means. What code may run
 * is known by names alone: each name that the code uses stands for all that the source gives this name. A call of what has no such
 * name, or of a parameter, may do anything. Code of other sources is not examined.
 */
export function mayReplace(root: AnyNode, node: AnyNode, callee: AnyNode): boolean {
  const names = usedIn(callee)
  const values = valuesIn(root)
  const declared = new Set(allDeclared(root))
  const reached = new Set([node])
  // A Set can be iterated while it grows.
  for (const each of reached) {
    const used = usedIn(each)
    if (redefines(each, names) || [...used].some((name) => REDEFINING.has(name))) return true
    if (callsUnknown(each, (name) => declared.has(name) && !values.has(name))) return true
    for (const name of used) for (const value of values.get(name) ?? []) reached.add(value)
  }
  return false
}

/** Whether code within a node deletes a property, or assigns one of these variables or properties. */
function redefines(node: AnyNode, names: ReadonlySet<string>): boolean {
  if (node.type === 'UnaryExpression' && node.operator === 'delete') return true
  if (node.type === 'AssignmentExpression' && assigns(node.left, names)) return true
  if (node.type === 'UpdateExpression' && assigns(node.argument, names)) return true
  return childrenOf(node).some((child) => redefines(child, names))
}

/** Whether code within a node calls what has no name, or a variable of which `isUnknown` is true. */
function callsUnknown(node: AnyNode, isUnknown: (name: string) => boolean): boolean {
  if (node.type === 'CallExpression' || node.type === 'NewExpression') {
    const { callee } = node
    if (callee.type === 'Identifier' ? isUnknown(callee.name) : !isNamed(callee)) return true
  }
  return childrenOf(node).some((child) => callsUnknown(child, isUnknown))
}

function isNamed(callee: AnyNode): boolean {
  return (callee.type === 'MemberExpression' && !callee.computed) || callee.type === 'Super' || isFunction(callee)
}

/** Whether a target of an assignment may be one of these. A computed member may be any. */
function assigns(target: AnyNode, names: ReadonlySet<string>): boolean {
  if (target.type === 'MemberExpression' && target.computed) return true
  return [...usedIn(target)].some((name) => names.has(name))
}

const used = new WeakMap<AnyNode, ReadonlySet<string>>()

/** Returns the names of variables, properties and private members that code within a node uses. */
function usedIn(node: AnyNode): ReadonlySet<string> {
  if (node.type === 'Identifier' || node.type === 'PrivateIdentifier') return new Set([node.name])
  let known = used.get(node)
  if (known === undefined) {
    known = new Set(childrenOf(node).flatMap((child) => Array.from(usedIn(child))))
    used.set(node, known)
  }
  return known
}

const valuesOf = new WeakMap<AnyNode, ReadonlyMap<string, AnyNode[]>>()

/** Returns what a source gives each name: in declarations, assignments, and members of objects and classes. */
function valuesIn(root: AnyNode): ReadonlyMap<string, AnyNode[]> {
  let known = valuesOf.get(root)
  if (known === undefined) {
    const values = new Map<string, AnyNode[]>()
    collect(root, values)
    valuesOf.set(root, (known = values))
  }
  return known
}

function collect(node: AnyNode, values: Map<string, AnyNode[]>): void {
  for (const [target, value] of givenBy(node))
    for (const name of usedIn(target)) values.set(name, [...(values.get(name) ?? []), value])
  for (const child of childrenOf(node)) collect(child, values)
}

/** Returns what a node names, and the value that it gives to each name. */
function givenBy(node: AnyNode): (readonly [target: AnyNode, value: AnyNode])[] {
  switch (node.type) {
    case 'VariableDeclarator':
      return node.init ? [[node.id, node.init]] : []
    case 'AssignmentExpression':
      return [[node.left, node.right]]
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return node.value ? [[node.key, node.value]] : []
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ClassDeclaration':
    case 'ClassExpression':
      return node.id ? [[node.id, node]] : []
    default:
      return []
  }
}
