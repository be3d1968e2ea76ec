/**
 * Calls in a round: Atomics' are accesses; functions whose source can be read are gone through; of the language's own, those
 * that only compute are carried out. Everything else may do anything.
 */
import type { AnyNode, CallExpression, NewExpression } from 'acorn'
import { Kind } from '../../model/access.ts'
import { sharedView } from '../../model/shared-view.ts'
import { Closure } from './closure.ts'
import { MadeView } from './made-view.ts'
import { breakOff, member } from './members.ts'
import type { Round } from './round.ts'
import { contains } from './source.ts'
import { computed, isPrimitive, Made, Obstacle, refuseConversion, Unknown } from './values.ts'

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

/** Functions of the language that look at nothing but their primitive arguments. */
const PURE: ReadonlySet<unknown> = new Set<unknown>([
  ...Object.getOwnPropertyNames(Math).flatMap((name) =>
    name === 'random' ? [] : [Reflect.get(Math, name) as unknown],
  ),
  Number,
  Number.isInteger,
  Number.isFinite,
  Number.isNaN,
  Number.isSafeInteger,
  Number.parseInt,
  Number.parseFloat,
  isNaN,
  isFinite,
  parseInt,
  parseFloat,
  String,
  Boolean,
  BigInt,
  BigInt.asIntN,
  BigInt.asUintN,
  Object.is,
  Atomics.isLockFree,
])

export function call(round: Round, node: CallExpression): unknown {
  const { callee, arguments: args, optional } = node
  if (callee.type === 'Super') throw new Obstacle('calls the constructor of its superclass')
  const begins =
    round.seeking && !contains(callee, calleeTarget(round, node)) && !args.some((each) => contains(each, round.target))
  const { value: target, self } =
    callee.type === 'MemberExpression' && !begins
      ? member(round, callee)
      : { value: begins ? undefined : round.evaluate(callee), self: undefined }
  if (begins) return into(round, node)
  breakOff(optional, target)
  return invoke(
    round,
    node,
    target,
    self,
    args.map((each) => argument(round, each)),
  )
}

/** The position of a call is within its callee, where the called name stands: that is the call's own, not the callee's. */
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

/** The call that the sought frame is in. What comes back is only known if the function called was the one that is running. */
function into(round: Round, node: CallExpression | NewExpression): unknown {
  const result = round.find(node)
  const { left } = round
  if (left === undefined) return result
  // Between the two there may be native code, such as Array.prototype.map, that goes on in its own way.
  const { callee } = node
  const target = callee.type === 'Identifier' ? round.scope.read(callee.name) : directCallee(round, callee)
  const origin = typeof target === 'function' ? round.inspection.originOf(target) : undefined
  const same =
    target instanceof Closure
      ? target.node === left.source.functionAt(left.offset)
      : origin !== undefined &&
        origin.source === left.source &&
        origin.source.functionAt(origin.offset) === left.source.functionAt(left.offset)
  if (!same) throw new Obstacle('leaves a function that native code has called, or one that cannot be told')
  return node.type === 'NewExpression' ? new Unknown() : result
}

/** The function that a member names, if that can be told without running anything. */
function directCallee(round: Round, node: AnyNode): unknown {
  if (node.type !== 'MemberExpression' || !isPath(node)) return undefined
  try {
    return member(round, node).value
  } catch (thrown) {
    if (thrown instanceof Obstacle) return undefined
    throw thrown
  }
}

/** Whether reading it again can run nothing: names and properties, no calls. */
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
    refuseConversion(...args.slice(1))
    return round.access(site, atomic, viewOf(args[0]), args[1])
  }
  if (target instanceof Closure) return round.call(site, target, self, args)
  if (PURE.has(target)) {
    refuseConversion(...args)
    if (!args.every(isPrimitive)) return new Unknown()
    return computed(() => Reflect.apply(target as () => unknown, undefined, args))
  }
  if (target === Reflect.get(Atomics, 'pause')) return undefined
  const closure = typeof target === 'function' ? round.closureOf(target) : undefined
  if (closure === undefined) throw new Obstacle(`calls ${nameOf(target)}, which cannot be read`)
  return round.call(site, closure, self, args)
}

function atomicKind(target: unknown): Kind | undefined {
  for (const [name, kind] of ATOMIC_KINDS) if (target === Reflect.get(Atomics, name)) return kind
  return undefined
}

function viewOf(value: unknown): unknown {
  if (value instanceof MadeView) return value.buffer
  if (!(value instanceof Unknown) && sharedView(value) === undefined)
    throw new Obstacle('uses Atomics on memory that is not shared')
  return value
}

function nameOf(target: unknown): string {
  return typeof target === 'function' && target.name !== '' ? target.name : 'a function'
}

export function construct(round: Round, node: NewExpression): unknown {
  const { callee, arguments: args } = node
  const within = (each: AnyNode): boolean => contains(each, round.target)
  if (round.seeking && !within(callee) && !args.some(within)) return into(round, node)
  const target = round.evaluate(callee)
  const values = args.map((each) => argument(round, each))
  if (target === SharedArrayBuffer || target === ArrayBuffer) return new Made()
  const name = typeof target === 'function' ? target.name : ''
  if (target === Reflect.get(globalThis, name) && /^(Big)?(Int|Uint|Float)\d+(Clamped)?Array$/.test(name)) {
    return new MadeView(target, values)
  }
  throw new Obstacle(`makes a ${name === '' ? 'new object' : name}`)
}
