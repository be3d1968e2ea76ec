/**
 * Executes the statements of a round. While the start of the round is sought, the statements before it are skipped: the
 * actor has executed them already.
 */
import type {
  AnyNode,
  BlockStatement,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  SwitchStatement,
  TryStatement,
  VariableDeclaration,
} from 'acorn'
import { declareOwnName } from './activation.ts'
import { assignPattern } from './assign.ts'
import { literal } from './operands.ts'
import type { Round } from './round.ts'
import { catches } from './exceptions.ts'
import { assignedNames, contains, declaredNames, lexicalNames, namesIn, varNames } from './syntax.ts'
import type { FunctionNode } from './syntax.ts'
import { Closure } from './closure.ts'
import { isPlainArray, isPrimitive, isTruthy, Obstacle } from './values.ts'

/** How a statement ended, if not normally. */
interface Completion {
  readonly kind: 'break' | 'continue' | 'return'
  readonly label: string | undefined
  readonly value: unknown
}

type Completed = Completion | undefined

/**
 * Executes the body of a function and returns its result. `args` is undefined in a function that the actor is in
 * already.
 */
export function execute(round: Round, node: FunctionNode, args: readonly unknown[] | undefined): unknown {
  if (node.async || node.generator) throw new Obstacle('calls an async function or a generator')
  if (args !== undefined) bind(round, node, args)
  const { body } = node
  if (body.type !== 'BlockStatement') return round.evaluate(body)
  return block(round, body)?.value
}

function bind(round: Round, node: FunctionNode, args: readonly unknown[]): void {
  const { scope } = round
  const vars = varNames(node.body)
  declareOwnName(scope, node)
  for (const name of vars) scope.values.set(name, undefined)
  // Defaults are evaluated in a scope of their own, which knows no variable of the body.
  const simple = node.params.every(({ type }) => type === 'Identifier')
  if (!simple && vars.length > 0) throw new Obstacle('calls a function whose parameters are patterns')
  for (const [index, param] of node.params.entries()) {
    if (param.type === 'RestElement') throw new Obstacle('calls a function with rest parameters')
    assignPattern(round, param, args[index], true)
  }
}

/** Whether a node comes before the start of the round. */
function isSkipped(round: Round, node: AnyNode): boolean {
  return round.seeking && !contains(node, round.target)
}

function statement(round: Round, node: AnyNode, label?: string): Completed {
  round.count()
  switch (node.type) {
    case 'ExpressionStatement':
      round.evaluate(node.expression)
      return undefined
    case 'VariableDeclaration':
      if (node.kind !== 'var' && node.kind !== 'let' && node.kind !== 'const') throw new Obstacle(`uses ${node.kind}`)
      for (const { id, init } of node.declarations) {
        if (round.seeking && contains(id, round.target)) throw new Obstacle('is in a pattern')
        if (init ? isSkipped(round, init) : round.seeking) continue
        if (init === null && node.kind === 'var') continue
        assignPattern(round, id, init ? round.evaluate(init) : undefined, node.kind !== 'var')
      }
      return undefined
    case 'BlockStatement':
      return block(round, node)
    case 'IfStatement': {
      const { test, consequent, alternate } = node
      if (isSkipped(round, test)) {
        const entered = [consequent, alternate].find((each) => each && contains(each, round.target))
        return entered ? statement(round, entered) : undefined
      }
      if (isTruthy(round.evaluate(test))) return statement(round, consequent)
      return alternate ? statement(round, alternate) : undefined
    }
    case 'WhileStatement':
      return loop(round, label, { test: node.test, body: node.body })
    case 'DoWhileStatement':
      return loop(round, label, { test: node.test, body: node.body, bodyFirst: true })
    case 'ForStatement':
      return forLoop(round, node, label)
    case 'ForOfStatement':
    case 'ForInStatement':
      return forEach(round, node, label)
    case 'SwitchStatement':
      return choose(round, node)
    case 'TryStatement':
      return attempt(round, node)
    case 'LabeledStatement': {
      if (node.body.type === 'LabeledStatement') throw new Obstacle('has a label on a label')
      const completed = statement(round, node.body, node.label.name)
      return completed?.kind === 'break' && completed.label === node.label.name ? undefined : completed
    }
    case 'ReturnStatement':
      return { kind: 'return', label: undefined, value: node.argument ? round.evaluate(node.argument) : undefined }
    case 'BreakStatement':
    case 'ContinueStatement': {
      const kind = node.type === 'BreakStatement' ? 'break' : 'continue'
      return { kind, label: node.label?.name, value: undefined }
    }
    case 'ThrowStatement':
      throw new Obstacle('throws an exception')
    case 'EmptyStatement':
    case 'DebuggerStatement':
    case 'FunctionDeclaration':
      return undefined
    default:
      throw new Obstacle(`has a ${node.type}, which cannot be predicted`)
  }
}

function block(round: Round, node: BlockStatement): Completed {
  return statements(round, node, node.body)
}

function statements(round: Round, node: AnyNode, body: readonly AnyNode[]): Completed {
  const scope = round.scopeOf(node, lexicalNames(body))
  return round.within(scope, () => {
    hoist(round, body)
    for (const each of body) {
      if (isSkipped(round, each)) continue
      const completed = statement(round, each)
      if (completed !== undefined) return completed
    }
    return undefined
  })
}

/** Declares the functions of a block that is entered. */
function hoist(round: Round, body: readonly AnyNode[]): void {
  for (const each of round.seeking ? [] : body) {
    if (each.type !== 'FunctionDeclaration' || each.id === null) continue
    const { source, self } = round.activation
    round.scope.declare(each.id.name, new Closure(each, source, round.scope, self))
  }
}

interface Loop {
  readonly test?: AnyNode | null
  readonly update?: AnyNode | null
  readonly body: AnyNode
  readonly bodyFirst?: boolean
  /** Whether each iteration has variables of its own. */
  readonly declares?: boolean
}

function loop(round: Round, label: string | undefined, { test, update, body, bodyFirst, declares }: Loop): Completed {
  let skipTest = bodyFirst === true && !(round.seeking && test && contains(test, round.target))
  let inBody = round.seeking && contains(body, round.target)
  let inUpdate = round.seeking && update !== null && update !== undefined && contains(update, round.target)
  for (;;) {
    if (!inBody && !inUpdate && !skipTest && test && !isTruthy(round.evaluate(test))) return undefined
    if (!inUpdate) {
      const completed = statement(round, body)
      const ended = endOfRound(completed, label)
      if (ended !== 'goes on') return ended
    }
    if (declares && !inUpdate) round.nextIteration()
    if (update) round.evaluate(update)
    skipTest = inBody = inUpdate = false
  }
}

/** Returns how a loop ends after a completion of its body, or 'goes on'. */
function endOfRound(completed: Completed, label: string | undefined): Completed | 'goes on' {
  if (completed === undefined) return 'goes on'
  const mine = completed.label === undefined || completed.label === label
  if (completed.kind === 'continue' && mine) return 'goes on'
  return completed.kind === 'break' && completed.label === undefined ? undefined : completed
}

function forLoop(round: Round, node: ForStatement, label: string | undefined): Completed {
  const { init, test, update, body } = node
  const names = init?.type === 'VariableDeclaration' && init.kind !== 'var' ? declaredNames(init) : []
  return round.within(round.scopeOf(node, names), () => {
    if (init && !isSkipped(round, init)) {
      if (init.type === 'VariableDeclaration') statement(round, init)
      else round.evaluate(init)
    }
    if (!round.seeking) round.nextIteration()
    return loop(round, label, { test: test ?? null, update: update ?? null, body, declares: names.length > 0 })
  })
}

/** Executes a for-of loop over a plain array. The iterator of any other value cannot be examined. */
function forEach(round: Round, node: ForOfStatement | ForInStatement, label: string | undefined): Completed {
  const { left, right, body } = node
  if (node.type === 'ForInStatement') throw new Obstacle('is in a for-in loop')
  if (left.type !== 'VariableDeclaration') throw new Obstacle('iterates with a variable from outside its loop')
  const target = left.declarations[0]!.id
  const own = left.kind !== 'var'
  const entering = round.seeking && contains(body, round.target)
  if (round.seeking && !entering) refuseHead(round, left)
  const fixed = entering ? fixedArray(round, right) : undefined
  const list = fixed ?? round.evaluate(right)
  return round.within(round.scopeOf(node, own ? declaredNames(left) : []), () => {
    let at = 0
    if (entering) {
      const name = own && target.type === 'Identifier' ? target.name : undefined
      at = name === undefined || assignedNames(body).has(name) ? -1 : indexIn(fixed ?? [], round.read(name))
      const ended = endOfRound(statement(round, body), label)
      // Leaving the loop early may run code of its iterator, too.
      if (at < 0) throw new Obstacle('is in a for-of loop at an unknown element')
      if (ended !== 'goes on') return ended
      at++
    }
    if (!isPlainArray(list)) throw new Obstacle('iterates over a value that is not a plain array')
    for (; at < list.length; at++) {
      round.nextIteration()
      assignPattern(round, target, list[at], own)
      const ended = endOfRound(statement(round, body), label)
      if (ended !== 'goes on') return ended
    }
    return undefined
  })
}

/** Refuses a round that starts in the pattern of a for-of loop, at an unknown element. */
function refuseHead(round: Round, left: VariableDeclaration): void {
  if (contains(left, round.target)) throw new Obstacle('is in the pattern of a for-of loop')
  round.refuseShadows(left.kind === 'var' ? [] : declaredNames(left))
}

/** Returns the array of a for-of loop that the actor is in, if it cannot have changed since the loop began. */
function fixedArray(round: Round, node: AnyNode): readonly unknown[] {
  if (node.type === 'Identifier' && round.activation.source.holdsFixedArray(node.name)) {
    const value = round.read(node.name)
    return isPlainArray(value) ? value : []
  }
  const elements = node.type === 'ArrayExpression' ? node.elements : []
  return elements.every((each) => each?.type === 'Literal') ? elements.map((each) => literal(each)) : []
}

/** Returns the index of a value in a list that has it once; -1 otherwise. */
function indexIn(list: readonly unknown[], value: unknown): number {
  const at = list.indexOf(value)
  return at === list.lastIndexOf(value) ? at : -1
}

function choose(round: Round, node: SwitchStatement): Completed {
  const { discriminant, cases } = node
  const body = cases.flatMap(({ consequent }) => consequent)
  let from = cases.findIndex((each) => round.seeking && each.consequent.some((one) => contains(one, round.target)))
  // The discriminant is evaluated outside the block. A round may start in the test of a case, after that.
  if (round.seeking && contains(discriminant, round.target)) round.refuseShadows(lexicalNames(body))
  const value = from < 0 ? round.evaluate(discriminant) : undefined
  const scope = round.scopeOf(node, lexicalNames(body))
  return round.within(scope, () => {
    hoist(round, body)
    if (from < 0) from = chosen(round, cases, value)
    for (const each of from < 0 ? [] : cases.slice(from).flatMap(({ consequent }) => consequent)) {
      if (isSkipped(round, each)) continue
      const completed = statement(round, each)
      if (completed?.kind === 'break' && completed.label === undefined) return undefined
      if (completed !== undefined) return completed
    }
    return undefined
  })
}

function chosen(round: Round, cases: SwitchStatement['cases'], value: unknown): number {
  for (const [index, { test }] of cases.entries()) {
    if (!test) continue
    const candidate = round.evaluate(test)
    if (!isPrimitive(candidate) || !isPrimitive(value)) throw new Obstacle('has a switch whose value is unknown')
    if (candidate === value) return index
  }
  return cases.findIndex(({ test }) => !test)
}

/**
 * Executes a try statement. What the language itself throws is not predicted, so a round may go through a block from
 * which an exception is caught only if the actor has been in it from the start (round.ts).
 */
function attempt(round: Round, node: TryStatement): Completed {
  const { block: tried, handler, finalizer } = node
  const inHandler = handler && round.seeking && contains(handler, round.target)
  if (finalizer && round.seeking && contains(finalizer, round.target)) throw new Obstacle('is in a finally block')
  if (!round.seeking && catches(node) && !onlyReads(round, node)) throw new Obstacle('may catch an exception')
  const ended = inHandler ? caught(round, handler) : block(round, tried)
  return (finalizer ? block(round, finalizer) : undefined) ?? ended
}

/**
 * Whether a function that the actor made before the round only returns a variable: `try { return name } catch {}`, as
 * vitest exports one. Nothing is thrown, since the prediction refuses a variable that has no value yet.
 */
function onlyReads({ activation: { node, real } }: Round, { block: tried, ...statement }: TryStatement): boolean {
  const [first, second] = tried.body
  const isAll =
    node.body.type === 'BlockStatement' && node.body.body.length === 1 && node.body.body[0]!.start === statement.start
  return (
    real && isAll && second === undefined && first?.type === 'ReturnStatement' && first.argument?.type === 'Identifier'
  )
}

/** Executes the rest of a catch clause that the actor is in. */
function caught(round: Round, handler: NonNullable<TryStatement['handler']>): Completed {
  const names = handler.param ? namesIn(handler.param) : []
  return round.within(round.scopeOf(handler, names), () => block(round, handler.body))
}
