/**
 * Getters that may have put another value in their own place. V8 gives the read of a member and the call of it one position. So
 * what looks like a method that has been called may be a getter that has been read, if it has become that method since.
 */
import type { AnyNode } from 'acorn'
import { allDeclared, childrenOf, importedNames, isFunction } from './syntax.ts'

const REDEFINING = ['defineProperty', 'defineProperties', '__defineGetter__', 'setPrototypeOf', '__proto__']
/** The same as variables and as members. */
const REDEFINING_NAMES = [...REDEFINING, ...REDEFINING.map((name) => `.${name}`)]

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
    if (redefines(each, names) || REDEFINING_NAMES.some((name) => used.has(name))) return true
    const own = new Set(allDeclared(each))
    const known = valuesIn(each)
    const isUnknown = (name: string): boolean =>
      own.has(name) ? !known.has(name) : declared.has(name) && !values.has(name)
    if (callsUnknown(each, isUnknown)) return true
    // What the code gives its own variables is a part of it.
    for (const name of used) if (!own.has(name)) for (const value of values.get(name) ?? []) reached.add(value)
  }
  return false
}

/** Whether code within a node deletes a property, or assigns one of these variables or members. */
function redefines(node: AnyNode, names: ReadonlySet<string>): boolean {
  if (node.type === 'UnaryExpression' && node.operator === 'delete') return true
  if (node.type === 'AssignmentExpression' && assigns(node.left, names)) return true
  if (node.type === 'UpdateExpression' && assigns(node.argument, names)) return true
  return childrenOf(node).some((child) => redefines(child, names))
}

/** Whether a target of an assignment may be one of these. A computed member may be any. */
function assigns(target: AnyNode, names: ReadonlySet<string>): boolean {
  if (target.type === 'MemberExpression' && target.computed) return true
  return [...usedIn(target)].some((name) => names.has(name))
}

/** Whether code within a node calls what has no name, or a variable of which `isUnknown` is true. */
function callsUnknown(node: AnyNode, isUnknown: (name: string) => boolean): boolean {
  if ((node.type === 'CallExpression' || node.type === 'NewExpression') && !isKnown(node.callee, isUnknown)) return true
  return childrenOf(node).some((child) => callsUnknown(child, isUnknown))
}

function isKnown(callee: AnyNode, isUnknown: (name: string) => boolean): boolean {
  switch (callee.type) {
    case 'Identifier':
      return !isUnknown(callee.name)
    case 'MemberExpression':
      return !callee.computed
    // Compilers write the call of an imported function as `(0, module.name)()`.
    case 'SequenceExpression':
      return isKnown(callee.expressions.at(-1)!, isUnknown)
    case 'ParenthesizedExpression':
      return isKnown(callee.expression, isUnknown)
    default:
      return callee.type === 'Super' || isFunction(callee)
  }
}

const used = new WeakMap<AnyNode, ReadonlySet<string>>()

/** Returns the names of variables that code within a node uses, and those of members, with a point before. */
function usedIn(node: AnyNode): ReadonlySet<string> {
  if (node.type === 'Identifier') return new Set([node.name])
  if (node.type === 'PrivateIdentifier') return new Set([`.#${node.name}`])
  let known = used.get(node)
  if (known === undefined) {
    const key = keyOf(node)
    const names = childrenOf(node).flatMap((child) => (child === key ? [] : Array.from(usedIn(child))))
    known = new Set(key === undefined ? names : names.concat(memberName(key)))
    used.set(node, known)
  }
  return known
}

/** Returns the part of a node that names a member; undefined if there is none. */
function keyOf(node: AnyNode): AnyNode | undefined {
  if (node.type === 'MemberExpression') return node.computed ? undefined : node.property
  const isMember = node.type === 'Property' || node.type === 'MethodDefinition' || node.type === 'PropertyDefinition'
  return isMember && !node.computed ? node.key : undefined
}

function memberName(key: AnyNode): string {
  if (key.type === 'Identifier') return `.${key.name}`
  return key.type === 'PrivateIdentifier' ? `.#${key.name}` : `.${key.type === 'Literal' ? String(key.value) : ''}`
}

const valuesOf = new WeakMap<AnyNode, ReadonlyMap<string, AnyNode[]>>()

/** Returns what code gives each name: in declarations, assignments, and members of objects and classes. */
function valuesIn(root: AnyNode): ReadonlyMap<string, AnyNode[]> {
  let known = valuesOf.get(root)
  if (known === undefined) {
    const values = new Map<string, AnyNode[]>()
    collect(root, values)
    // What is imported is of another source.
    for (const name of importedNames(root)) values.set(name, values.get(name) ?? [])
    valuesOf.set(root, (known = values))
  }
  return known
}

function collect(node: AnyNode, values: Map<string, AnyNode[]>): void {
  for (const [names, value] of givenBy(node))
    for (const name of names) values.set(name, [...(values.get(name) ?? []), value])
  for (const child of childrenOf(node)) collect(child, values)
}

/** Returns the names to which a node gives a value, and the value. */
function givenBy(node: AnyNode): (readonly [names: Iterable<string>, value: AnyNode])[] {
  switch (node.type) {
    case 'VariableDeclarator':
      return node.init ? [[usedIn(node.id), node.init]] : []
    case 'AssignmentExpression':
      return [[usedIn(node.left), node.right]]
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return node.value && !node.computed ? [[[memberName(node.key)], node.value]] : []
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ClassDeclaration':
    case 'ClassExpression':
      return node.id ? [[[node.id.name], node]] : []
    default:
      return []
  }
}
