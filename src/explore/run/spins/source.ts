/**
 * The source of a script as V8 runs it, parsed. Finds what is around an offset, and what the whole source says of a
 * name. TypeScript has already been compiled to JavaScript.
 */
import { parse } from 'acorn'
import type { AnyNode, AssignmentExpression, ClassBody, PrivateIdentifier } from 'acorn'
import { mayReplace } from './replaced-getters.ts'
import { allDeclared, assignedNames, childrenOf, contains, importedNames, isFunction, mentions } from './syntax.ts'
import type { FunctionNode } from './syntax.ts'

/** How V8 runs a script, and where the script starts in the file that it is a part of. */
interface Start {
  readonly startLine: number
  readonly startColumn: number
  readonly isModule?: boolean | undefined
}

/** The names that the loader of a CommonJS module declares around it. */
const COMMONJS = ['exports', 'require', 'module', '__filename', '__dirname', 'arguments']

type Member = ClassBody['body'][number]

/** The members with a private name, and all members of the class that declares it. */
export interface PrivateMembers {
  readonly named: readonly Member[]
  readonly body: readonly Member[]
}

/** The parsed source of a script. */
export class Source {
  readonly #root: AnyNode
  readonly #lines: readonly number[]
  readonly #start: Start
  #declared: readonly string[] | undefined
  #callsEval: boolean | undefined
  #usesArguments: boolean | undefined
  #assignedMembers: ReadonlySet<string> | undefined
  #allDeclared: ReadonlySet<string> | undefined
  /** What `mayReplace` has returned, by the callee and the function. */
  readonly #replacing = new WeakMap<AnyNode, Map<AnyNode, boolean>>()

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
    return this.callsEval || (!this.isStrict && this.usesArguments)
  }

  /** Whether code in the source is made by `eval`, and may use its variables. */
  get callsEval(): boolean {
    return (this.#callsEval ??= callsEval(this.#root))
  }

  /** Whether code in the source uses `arguments`. */
  get usesArguments(): boolean {
    return (this.#usesArguments ??= mentions(this.#root, 'arguments'))
  }

  /** Whether the member of this name of an object may change once its constructor has made it. */
  assignsMember(property: AnyNode): boolean {
    const { name } = property as { readonly name?: string }
    this.#assignedMembers ??= membersAssigned(this.#root)
    return name === undefined || this.#assignedMembers.has(name)
  }

  /** Whether all of these names are declared in the source, or by the loader of a CommonJS module. */
  declaresAll(names: readonly string[]): boolean {
    this.#allDeclared ??= new Set([...this.declared, ...COMMONJS])
    return names.every((name) => this.#allDeclared!.has(name))
  }

  /**
   * Whether the source declares each variable of this name with an array literal, and then only iterates it with
   * for-of, so that no code can change the array.
   */
  holdsFixedArray(name: string): boolean {
    return !this.hasAliases && this.neverAssigns(name) && onlyIterates(this.#root, name)
  }

  /** Returns the members with a private name, of the innermost class around it that declares the name. */
  privateMembers({ name, start }: PrivateIdentifier): PrivateMembers {
    const isNamed = (member: Member): boolean =>
      'key' in member && member.key.type === 'PrivateIdentifier' && member.key.name === name
    const bodies = this.pathTo(start).flatMap((node) => (node.type === 'ClassBody' ? [node.body] : []))
    const body = bodies.findLast((members) => members.some(isNamed)) ?? []
    return { named: body.filter(isNamed), body }
  }

  /** Whether the function at an offset may have been a getter that was read as `callee`, and has put itself in its place. */
  mayReplace(offset: number, callee: AnyNode): boolean {
    const node = this.functionAt(offset)
    if (node === undefined) return true
    const known = this.#replacing.get(callee) ?? new Map<AnyNode, boolean>()
    this.#replacing.set(callee, known)
    if (!known.has(node)) known.set(node, mayReplace(this.#root, node, callee))
    return known.get(node)!
  }

  /** Whether all of the source is in strict mode. */
  get isStrict(): boolean {
    return this.#start.isModule === true || isStrictBody(this.#root)
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

  /** Returns the innermost function that contains an offset. */
  functionAt(offset: number): FunctionNode | undefined {
    return this.pathTo(offset).findLast((node) => isFunction(node))
  }
}

/**
 * Returns the names of the members that code assigns or deletes, or has accessors for. `creates`: whether the code is that of a
 * constructor. Its statements that assign members of the new object do not count.
 */
function membersAssigned(node: AnyNode, creates = false): ReadonlySet<string> {
  if (creates && node.type === 'ExpressionStatement' && assignsOwnMember(node.expression))
    return membersAssigned(node.expression.right, creates)
  const isConstructor = node.type === 'MethodDefinition' && node.kind === 'constructor'
  const below = childrenOf(node).flatMap((child) =>
    Array.from(membersAssigned(child, isConstructor || (creates && !isFunction(child)))),
  )
  return new Set(below.concat(ownMembersAssigned(node)))
}

function assignsOwnMember(node: AnyNode): node is AssignmentExpression {
  return (
    node.type === 'AssignmentExpression' &&
    node.left.type === 'MemberExpression' &&
    node.left.object.type === 'ThisExpression'
  )
}

function ownMembersAssigned(node: AnyNode): string[] {
  switch (node.type) {
    case 'AssignmentExpression':
    case 'ForOfStatement':
    case 'ForInStatement':
      return membersIn(node.left)
    case 'UpdateExpression':
      return membersIn(node.argument)
    case 'UnaryExpression':
      return node.operator === 'delete' ? membersIn(node.argument) : []
    case 'MethodDefinition':
    case 'Property':
      return (node.kind === 'get' || node.kind === 'set') && 'name' in node.key ? [node.key.name] : []
    default:
      return []
  }
}

/** Returns the names of the members that a pattern assigns. */
function membersIn(pattern: AnyNode): string[] {
  if (pattern.type === 'MemberExpression') return 'name' in pattern.property ? [pattern.property.name] : []
  return childrenOf(pattern).flatMap((child) => membersIn(child))
}

/** Whether code calls `eval` directly, so that what it makes can use the variables there. */
function callsEval(node: AnyNode): boolean {
  if (node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'eval') return true
  return childrenOf(node).some((child) => callsEval(child))
}

function isStrictBody(node: AnyNode): boolean {
  const [first] = node.type === 'Program' ? node.body : []
  return first?.type === 'ExpressionStatement' && first.directive === 'use strict'
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (const { index, 0: end } of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(index + end.length)
  return starts
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
