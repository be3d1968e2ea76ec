/**
 * The source of a script as V8 runs it, parsed. Finds the function around an offset, and the names that a block or a
 * function declares. TypeScript has already been compiled to JavaScript.
 */
import { parse } from 'acorn'
import type { AnyNode, Node, Pattern } from 'acorn'

/** A function in the source. */
export type FunctionNode = Extract<
  AnyNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>

/** How V8 runs a script, and where the script starts in the file that it is a part of. */
interface Start {
  readonly startLine: number
  readonly startColumn: number
  readonly isModule?: boolean | undefined
}

/** The parsed source of a script. */
export class Source {
  readonly #root: AnyNode
  readonly #lines: readonly number[]
  readonly #start: Start
  #declared: readonly string[] | undefined
  #hasAliases: boolean | undefined

  private constructor(text: string, root: AnyNode, start: Start) {
    this.#root = root
    this.#start = start
    this.#lines = lineStarts(text)
  }

  /** Parses a text; returns undefined if it is not JavaScript. */
  static parse(text: string, start: Start = { startLine: 0, startColumn: 0 }): Source | undefined {
    for (const sourceType of start.isModule === true ? (['module'] as const) : (['script', 'module'] as const)) {
      try {
        const options = { ecmaVersion: 'latest', allowReturnOutsideFunction: true, allowHashBang: true } as const
        const root = parse(text, { ...options, sourceType, allowAwaitOutsideFunction: true })
        return new Source(text, root, start)
      } catch {
        // The text is not of this kind. If it is of neither kind, the result is undefined.
      }
    }
    return undefined
  }

  /** Returns the offset of a line and column, which count from 0, as in the inspector. */
  offsetOf(line: number, column: number): number {
    const row = line - this.#start.startLine
    return (this.#lines[row] ?? 0) + column - (row === 0 ? this.#start.startColumn : 0)
  }

  /** All names that are declared anywhere in the source. */
  get declared(): readonly string[] {
    this.#declared ??= [...new Set(allDeclared(this.#root))]
    return this.#declared
  }

  /** Whether the source declares a variable of this name that no code in it ever assigns again. */
  neverAssigns(name: string): boolean {
    return (
      this.declared.includes(name) && !assignedNames(this.#root).has(name) && !importedNames(this.#root).includes(name)
    )
  }

  /**
   * Whether code in the source may assign variables without their names: through `eval`, or outside strict mode through
   * `arguments`.
   */
  get hasAliases(): boolean {
    this.#hasAliases ??= mentions(this.#root, 'eval') || (!this.isStrict && mentions(this.#root, 'arguments'))
    return this.#hasAliases
  }

  /**
   * Whether the source declares each variable of this name with an array literal, and then only iterates it with
   * for-of, so that no code can change the array.
   */
  holdsFixedArray(name: string): boolean {
    return !this.hasAliases && this.neverAssigns(name) && onlyIterates(this.#root, name)
  }

  /** Whether all of the source is in strict mode. */
  get isStrict(): boolean {
    return this.#start.isModule === true || isStrictBody(this.#root)
  }

  /** Whether the function is the whole script, as a loader wraps a module, or is called where it stands. */
  #isWrapper(node: AnyNode): boolean {
    const statements = this.#root.type === 'Program' ? this.#root.body.filter((each) => !isDirective(each)) : []
    return statements.some((each) => {
      if (each.type !== 'ExpressionStatement') return false
      const { expression } = each
      return (
        (expression === node && statements.length === 1) ||
        (expression.type === 'CallExpression' && expression.callee === node)
      )
    })
  }

  /** Returns the nodes that contain an offset, the outermost first. */
  pathTo(offset: number): AnyNode[] {
    const path: AnyNode[] = []
    let node: AnyNode | undefined = this.#root
    while (node !== undefined) {
      path.push(node)
      node = childrenOf(node).find((child) => contains(child, offset))
    }
    return path
  }

  /**
   * Whether code makes this function or class once at most: it is in no loop, and the function around it runs once.
   * `runsOnce` says so of a function.
   */
  isMadeOnce(node: AnyNode, runsOnce: (around: FunctionNode) => boolean): boolean {
    const path = this.pathTo(node.start)
    const before = path.slice(0, path.indexOf(node))
    const around = before.findLast((each) => isFunction(each))
    if (before.slice(around === undefined ? 0 : before.indexOf(around)).some(isLoop)) return false
    return around === undefined || this.#isWrapper(around) || runsOnce(around)
  }

  /** Returns the innermost function that contains an offset. */
  functionAt(offset: number): FunctionNode | undefined {
    let found: FunctionNode | undefined
    let node: AnyNode | undefined = this.#root
    while (node !== undefined) {
      if (isFunction(node)) found = node
      node = childrenOf(node).find((child) => contains(child, offset))
    }
    return found
  }
}

/** Returns the names that a module imports. The module that exports a variable may assign it again. */
function importedNames(root: AnyNode): string[] {
  return childrenOf(root).flatMap((node) =>
    node.type === 'ImportDeclaration' ? node.specifiers.map(({ local }) => local.name) : [],
  )
}

function isDirective(node: AnyNode): boolean {
  return node.type === 'ExpressionStatement' && node.directive !== undefined
}

function isStrictBody(node: AnyNode): boolean {
  const [first] = node.type === 'Program' ? node.body : []
  return first?.type === 'ExpressionStatement' && first.directive === 'use strict'
}

function allDeclared(node: AnyNode): string[] {
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

function lineStarts(text: string): number[] {
  const starts = [0]
  for (const { index, 0: end } of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(index + end.length)
  return starts
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

function onlyIterates(node: AnyNode, name: string): boolean {
  const isIt = (child: AnyNode | null | undefined): boolean => child?.type === 'Identifier' && child.name === name
  // Another module may use what a module exports.
  if (node.type === 'ExportNamedDeclaration' && node.declaration && allDeclared(node.declaration).includes(name)) {
    return false
  }
  return childrenOf(node).every((child) => {
    if (!isIt(child)) return onlyIterates(child, name)
    if (node.type === 'VariableDeclarator') return child === node.id && node.init?.type === 'ArrayExpression'
    if (node.type === 'ForOfStatement') return child === node.right
    return node.type === 'MemberExpression' && child === node.property && !node.computed
  })
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

/** Whether a node uses a variable, or a property, of this name. */
function mentions(node: AnyNode, name: string): boolean {
  return (node.type === 'Identifier' && node.name === name) || childrenOf(node).some((child) => mentions(child, name))
}

/** Returns the functions directly within a function, outermost only. */
export function functionsIn(node: AnyNode): FunctionNode[] {
  return childrenOf(node).flatMap((child) => (isFunction(child) ? [child] : functionsIn(child)))
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

/** Whether a node is a loop. */
export function isLoop({ type }: AnyNode): boolean {
  return /^(For|ForOf|ForIn|While|DoWhile)Statement$/.test(type)
}

/** Whether an exception in the block of a statement may be caught, or dropped by its finally block. */
export function catches(node: AnyNode): boolean {
  if (node.type !== 'TryStatement') return false
  return (node.handler ?? undefined) !== undefined || (node.finalizer ? leaves(node.finalizer) : false)
}

function leaves(node: AnyNode): boolean {
  if (/^(Break|Continue|Return)Statement$/.test(node.type)) return true
  return childrenOf(node).some((child) => !isFunction(child) && leaves(child))
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
