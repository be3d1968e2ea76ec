/**
 * The calls of a round. Calls of Atomics are accesses. Functions whose source can be read are executed. Functions of
 * the language that only compute are called. Any other function may have any effect, so calling it is an obstacle.
 */
import type { AnyNode, CallExpression, NewExpression } from 'acorn'
import { Kind } from '../../model/access.ts'
import { isSharedBuffer } from '../../model/native.ts'
import { sharedView } from '../../model/shared-view.ts'
import { Closure } from './closure.ts'
import { isOfLanguage } from './language.ts'
import { MadeBuffer, MadeView } from './made-view.ts'
import { endChainIfNullish, member } from './members.ts'
import { PURE, READING } from './pure.ts'
import type { Round } from './round.ts'
import { contains, convertsUnseen, expressionAt } from './syntax.ts'
import {
  computed,
  isPrimitive,
  MadeNumbers,
  MadeObject,
  MadeSpecial,
  MissedVariable,
  Obstacle,
  refuseConversion,
  Unknown,
  UnknownPrimitive,
  UnknownVariable,
} from './values.ts'

const ATOMIC_KINDS = new Map<string, Kind>([
  ['load', Kind.LOAD],
  ['store', Kind.STORE],
  ['add', Kind.ADD],
  ['sub', Kind.SUB],
  ['and', Kind.AND],
  ['or', Kind.OR],
  ['xor', Kind.XOR],
  ['exchange', Kind.EXCHANGE],
  ['compareExchange', Kind.COMPARE_EXCHANGE],
  ['wait', Kind.WAIT],
  ['notify', Kind.NOTIFY],
])

/** Evaluates a call and returns its result. */
export function call(round: Round, node: CallExpression): unknown {
  const { callee, arguments: args, optional } = node
  if (callee.type === 'Super') throw new Obstacle('calls the constructor of its superclass')
  if (callee.type === 'ChainExpression') throw new Obstacle('calls a chain in parentheses')
  const begins =
    round.seeking && !contains(callee, calleeTarget(round, node)) && !args.some((each) => contains(each, round.target))
  const { value: target, self } =
    callee.type === 'MemberExpression' && !begins
      ? member(round, callee, true)
      : { value: begins ? undefined : round.evaluate(callee), self: undefined }
  if (begins) return callOfFrame(round, node)
  endChainIfNullish(optional, target)
  return invoke(
    round,
    node,
    target,
    self,
    args.map((each) => argument(round, each)),
  )
}

/** V8 gives the position of the called name as that of the call. It lies within the callee, but it means the call. */
function calleeTarget(round: Round, { callee }: CallExpression): number {
  const { target } = round
  if (callee.type === 'Identifier' && target === callee.start) return -1
  if (callee.type === 'MemberExpression' && !callee.computed && target === callee.property.start) return -1
  return target
}

function argument(round: Round, node: AnyNode): unknown {
  if (node.type === 'SpreadElement') throw new Obstacle('spreads arguments')
  return round.evaluate(node)
}

/**
 * Handles the call in which the sought frame is. Its result is known only if the function that was called is the one
 * that has returned.
 */
function callOfFrame(round: Round, node: CallExpression | NewExpression): unknown {
  const result = round.find(node)
  const { left } = round
  if (left === undefined) return result
  // Code of the language may stand between the two, such as Array.prototype.map, which continues in its own way.
  if (left.isCallback) throw new Obstacle('returns to code of the language')
  const { callee } = node
  const target = callee.type === 'Identifier' ? round.read(callee.name) : directCallee(round, callee)
  const origin = typeof target === 'function' ? round.inspection.originOf(target) : undefined
  const same =
    target instanceof Closure
      ? target.node === left.source.functionAt(left.offset)
      : origin !== undefined &&
        origin.source === left.source &&
        origin.source.functionAt(origin.offset) === left.source.functionAt(left.offset)
  const isMember = callee.type === 'MemberExpression' && callee.property.type !== 'PrivateIdentifier'
  const mayBeGetter = isMember && left.source.mayReplace(left.offset, callee)
  if (!same || mayBeGetter) throw new Obstacle('returns from a function that native code may have called')
  // Any other callee may have changed since the call: the frame may be that of another function of the same code.
  const isKnown = callee.type === 'Identifier' && isConstant(round, callee.name)
  // The frame may also be that of a conversion of the result.
  const isCalled = isKnown && !convertsUnseen(expressionAt(round.activation.node, node.start))
  if (origin !== undefined && isCalled) round.learnThis(target as object, left.variables().self)
  return node.type === 'NewExpression' ? new Unknown() : result
}

/** Whether a variable has had the same value since it was declared. */
function isConstant({ activation: { source } }: Round, name: string): boolean {
  return !source.hasAliases && source.neverAssigns(name)
}

/** Returns the function that a member names; undefined if finding it again might have an effect. */
function directCallee(round: Round, node: AnyNode): unknown {
  // Compilers write the call of an imported function as `(0, module.name)()`.
  if (node.type === 'ParenthesizedExpression') return directCallee(round, node.expression)
  if (node.type === 'SequenceExpression' && node.expressions.slice(0, -1).every(({ type }) => type === 'Literal'))
    return directCallee(round, node.expressions.at(-1)!)
  if (node.type !== 'MemberExpression' || !isPath(node)) return undefined
  try {
    const before = round.accesses.length
    const { value } = member(round, node, true)
    return round.accesses.length === before ? value : undefined
  } catch (thrown) {
    // An obstacle, or the end of the round in a getter.
    if (thrown instanceof Error || thrown instanceof MissedVariable) throw thrown
    return undefined
  }
}

/** Whether the expression consists of names and members only, so that reading it again calls nothing. */
function isPath(node: AnyNode): boolean {
  if (node.type === 'MemberExpression') {
    const named = !node.computed || node.property.type === 'Literal' || node.property.type === 'Identifier'
    return named && isPath(node.object)
  }
  return node.type === 'Identifier' || node.type === 'ThisExpression'
}

function invoke(round: Round, site: AnyNode, target: unknown, self: unknown, args: readonly unknown[]): unknown {
  const atomic = self === Atomics || typeof target === 'function' ? atomicKind(target) : undefined
  if (atomic !== undefined) {
    const [view, index, ...operands] = args
    refuseConversion(...operands.filter((each) => !(each instanceof UnknownVariable)))
    return round.access(site, atomic, viewOf(view), index instanceof UnknownVariable ? index : toIndex(index))
  }
  if (target instanceof Closure) return round.call(site, target, self, args)
  if (PURE.has(target)) {
    refuseConversion(...args)
    if (!args.every(isPrimitive)) return new UnknownPrimitive()
    return computed(() => Reflect.apply(target as () => unknown, undefined, args))
  }
  if (READING.get(target)?.(self) === true && args.every((each) => isPrimitive(each)))
    return computed(() => Reflect.apply(target as () => unknown, self, args))
  // Compilers name the functions that they make so.
  if (target === Reflect.get(Object, 'defineProperty') && isOfLanguage(target) && args[0] instanceof Closure)
    return named(args[0], args[1], args[2])
  if (typeof target === 'function' && target === Reflect.get(Atomics, 'pause') && isOfLanguage(target)) return undefined
  const closure = typeof target === 'function' ? round.closureOf(target) : undefined
  if (closure === undefined) throw new Obstacle(`calls ${nameOf(target)}, whose source cannot be read`)
  return round.call(site, closure, self, args)
}

function named(made: Closure, key: unknown, descriptor: unknown): Closure {
  const isPlain = descriptor instanceof MadeObject && ATTRIBUTES.every((name) => !(name in Object.prototype))
  if (key !== 'name' || !isPlain) throw new Obstacle('gives a new function a property')
  return made
}

const ATTRIBUTES = ['value', 'writable', 'enumerable', 'configurable', 'get', 'set']

function atomicKind(target: unknown): Kind | undefined {
  if (!isOfLanguage(target)) return undefined
  for (const [name, kind] of ATOMIC_KINDS) if (target === Reflect.get(Atomics, name)) return kind
  return undefined
}

/** Converts the index of an access, as Atomics does. */
function toIndex(value: unknown): unknown {
  refuseConversion(value)
  return value instanceof Unknown ? value : computed(() => Math.trunc(Number(value)) || 0)
}

function viewOf(value: unknown): unknown {
  if (!(value instanceof MadeView || value instanceof UnknownVariable) && sharedView(value)?.atomic !== true)
    throw new Obstacle('uses Atomics on memory that is not shared')
  return value
}

function nameOf(target: unknown): string {
  return typeof target === 'function' && target.name !== '' ? target.name : 'a function'
}

/** Evaluates `new` and returns the new object. */
export function construct(round: Round, node: NewExpression): unknown {
  const { callee, arguments: args } = node
  const within = (each: AnyNode): boolean => contains(each, round.target)
  if (round.seeking && !within(callee) && !args.some(within)) return callOfFrame(round, node)
  const target = round.evaluate(callee)
  const values = args.map((each) => argument(round, each))
  const name = typeof target === 'function' && isOfLanguage(target) ? target.name : ''
  const isBuffer = target === SharedArrayBuffer || target === ArrayBuffer
  const isView = /^(Big)?(Int|Uint|Float)\d+(Clamped)?Array$/.test(name) && target === Reflect.get(globalThis, name)
  // No argument is an object that could run code when it is converted or iterated.
  const [first, ...rest] = values
  const isOfShared = isSharedBuffer(first) || first instanceof MadeBuffer
  if (isView && isOfShared && rest.every(isPrimitive)) return new MadeView(target, values)
  if (target === SharedArrayBuffer && values.length === 1) return round.answers.makeBuffer(first)
  if ((isBuffer || isView) && values.length === 1 && isPrimitive(first))
    return isView ? new MadeNumbers() : new MadeSpecial()
  throw new Obstacle(`makes a ${name === '' ? 'new object' : name}`)
}
