/**
 * The source of a script as V8 runs it, parsed. Finds the function around an offset, and the names that a block or a
 * function declares. TypeScript has become JavaScript by then, whichever loader loaded it.
 */
import { parse } from 'acorn'
import type { AnyNode, Node, Pattern } from 'acorn'

/** A function in the source. */
export type FunctionNode = Extract<
  AnyNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>

/** Where a script starts in the file that it is a part of. */
interface Start {
  readonly startLine: number
  readonly startColumn: number
}

/** The parsed source of a script. */
export class Source {
  readonly #root: AnyNode
  readonly #lines: readonly number[]
  readonly #start: Start
  #declared: readonly string[] | undefined

  private constructor(text: string, root: AnyNode, start: Start) {
    this.#root = root
    this.#start = start
    this.#lines = lineStarts(text)
  }

  /** Parses a text; returns undefined if it is not JavaScript. */
  static parse(text: string, start: Start = { startLine: 0, startColumn: 0 }): Source | undefined {
    for (const sourceType of ['module', 'script'] as const) {
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
