/**
 * The syntax of JavaScript: questions about the nodes of a parsed source, without regard to any value.
 */
import type { AnyNode, Node, Pattern } from 'acorn'

/** A function in the source. */
export type FunctionNode = Extract<
  AnyNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>

/** Returns all names that code within a node declares. */
export function allDeclared(node: AnyNode): string[] {
  const { type } = node
  const below = childrenOf(node).flatMap((child) => allDeclared(child))
  if (type === 'VariableDeclarator') return [...namesIn(node.id), ...below]
  if (type === 'CatchClause') return [...(node.param ? namesIn(node.param) : []), ...below]
  if (type === 'ImportSpecifier' || type === 'ImportDefaultSpecifier' || type === 'ImportNamespaceSpecifier')
    return [node.local.name]
  if (type === 'ClassDeclaration' || type === 'ClassExpression') return [...(node.id ? [node.id.name] : []), ...below]
  if (!isFunction(node)) return below
  const own = 'id' in node && node.id ? [node.id.name] : []
  return [...own, ...node.params.flatMap((param) => namesIn(param)), ...below]
}

/** Returns the names that a module imports. The module that exports a variable may assign it again. */
export function importedNames(root: AnyNode): string[] {
  return childrenOf(root).flatMap((node) =>
    node.type === 'ImportDeclaration' ? node.specifiers.map(({ local }) => local.name) : [],
  )
}

/** Whether a node is a function. */
export function isFunction(node: AnyNode): node is FunctionNode {
  const { type } = node
  return type === 'FunctionDeclaration' || type === 'FunctionExpression' || type === 'ArrowFunctionExpression'
}

/** Whether a node contains an offset. */
export function contains({ start, end }: Node, offset: number): boolean {
  return start <= offset && offset < end
}

const children = new WeakMap<Node, readonly AnyNode[]>()

/** Returns the child nodes of a node, in no particular order. */
export function childrenOf(node: Node): readonly AnyNode[] {
  let known = children.get(node)
  if (known === undefined) {
    known = Object.values(node).flatMap((value: unknown) =>
      Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
    )
    children.set(node, known)
  }
  return known
}

function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, 'type') === 'string' && 'start' in value
  )
}

/** Returns the names that a pattern binds. */
export function namesIn(pattern: Pattern | AnyNode): string[] {
  if (pattern.type === 'Identifier') return [pattern.name]
  if (pattern.type === 'MemberExpression') return []
  if (pattern.type === 'AssignmentPattern') return namesIn(pattern.left)
  if (pattern.type === 'Property') return namesIn(pattern.value)
  return childrenOf(pattern).flatMap((child) => namesIn(child))
}

/** Returns the names that a list of statements declares in its block: let, const, class and function. */
export function lexicalNames(statements: readonly AnyNode[]): string[] {
  return statements.flatMap((statement) => {
    if (statement.type === 'VariableDeclaration' && statement.kind !== 'var') return declaredNames(statement)
    const declares = statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration'
    return declares && statement.id !== null ? [statement.id.name] : []
  })
}

/** Returns the names that a declaration declares. */
export function declaredNames(declaration: Extract<AnyNode, { type: 'VariableDeclaration' }>): string[] {
  return declaration.declarations.flatMap(({ id }) => namesIn(id))
}

/** Returns the names that `var` declares anywhere in a function. */
export function varNames(node: AnyNode): string[] {
  const own = node.type === 'VariableDeclaration' && node.kind === 'var' ? declaredNames(node) : []
  return [...own, ...childrenOf(node).flatMap((child) => (isFunction(child) ? [] : varNames(child)))]
}

const assigned = new WeakMap<Node, ReadonlySet<string>>()

/** Returns the names that code within a node assigns. A declaration with `let` or `const` does not count. */
export function assignedNames(node: AnyNode): ReadonlySet<string> {
  let known = assigned.get(node)
  if (known === undefined) {
    const below = childrenOf(node).flatMap((child) => Array.from(assignedNames(child)))
    known = new Set(below.concat(ownAssigned(node)))
    assigned.set(node, known)
  }
  return known
}

function ownAssigned(node: AnyNode): string[] {
  if (node.type === 'AssignmentExpression') return namesIn(node.left)
  if (node.type === 'UpdateExpression') return namesIn(node.argument)
  if (node.type === 'VariableDeclaration') return node.kind === 'var' ? declaredNames(node) : []
  const assigns = node.type === 'ForOfStatement' || node.type === 'ForInStatement'
  return assigns && node.left.type !== 'VariableDeclaration' ? namesIn(node.left) : []
}

/** Returns the code directly within a function that runs at other times: functions, and the fields of classes. */
export function codeWithin(node: AnyNode): AnyNode[] {
  return childrenOf(node).flatMap((child) =>
    isFunction(child) || child.type === 'PropertyDefinition' || child.type === 'StaticBlock'
      ? [child]
      : codeWithin(child),
  )
}

const mentioned = new WeakMap<Node, ReadonlySet<string>>()

/** Whether a node uses a variable, or a property, of this name. */
export function mentions(node: AnyNode, name: string): boolean {
  return mentionedIn(node).has(name)
}

function mentionedIn(node: AnyNode): ReadonlySet<string> {
  let known = mentioned.get(node)
  if (known === undefined) {
    const below = childrenOf(node).flatMap((child) => Array.from(mentionedIn(child)))
    known = new Set(node.type === 'Identifier' ? below.concat(node.name) : below)
    mentioned.set(node, known)
  }
  return known
}

/** The nodes that are no expression and may contain one. */
const AROUND_EXPRESSIONS = /Statement$|^(SwitchCase|CatchClause|VariableDeclaration)$/

/** Returns the outermost expression within a function that contains an offset; the function itself if there is none. */
export function expressionAt(node: FunctionNode, offset: number): AnyNode {
  let found: AnyNode | undefined = node
  do found = childrenOf(found).find((child) => contains(child, offset))
  while (found !== undefined && AROUND_EXPRESSIONS.test(found.type))
  return found ?? node
}

/**
 * Whether code within a node may convert an object to a text or number, or read its getters, where V8 records no position. The
 * function that converts is then found at the position of the call before.
 */
export function convertsUnseen(node: AnyNode): boolean {
  return isUnseenConversion(node) || childrenOf(node).some((child) => convertsUnseen(child))
}

/** Whether code within a node, and in no function there, may convert so once the code before an offset has been executed. */
export function convertsUnseenAfter(node: AnyNode, offset: number): boolean {
  if (isFunction(node) || node.end <= offset) return false
  return isUnseenConversion(node) || childrenOf(node).some((child) => convertsUnseenAfter(child, offset))
}

function isUnseenConversion(node: AnyNode): boolean {
  if (node.type === 'TemplateLiteral') return node.expressions.length > 0
  if (node.type === 'AssignmentExpression') return node.operator !== '='
  if (node.type === 'MemberExpression' || node.type === 'Property') return node.computed
  return node.type === 'SpreadElement' || node.type === 'ObjectPattern'
}

/** Whether a node is a loop. */
export function isLoop({ type }: AnyNode): boolean {
  return /^(For|ForOf|ForIn|While|DoWhile)Statement$/.test(type)
}

/** Whether a function declares a function in one of its blocks. Outside strict mode it is visible beyond the block. */
export function hasFunctionInBlock(node: FunctionNode): boolean {
  const inner = (each: AnyNode): boolean =>
    each.type === 'FunctionDeclaration' || (!isFunction(each) && childrenOf(each).some(inner))
  const { body } = node
  return childrenOf(body).some((each) => each.type !== 'FunctionDeclaration' && inner(each))
}

/** Whether a function uses its own `this`. */
export function usesThis(node: AnyNode): boolean {
  if (node.type === 'ThisExpression' || node.type === 'Super') return true
  return childrenOf(node).some(
    (child) => (!isFunction(child) || child.type === 'ArrowFunctionExpression') && usesThis(child),
  )
}
