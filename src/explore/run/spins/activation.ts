/**
 * Activations: the functions that a prediction is in. At the end of a round the actor must be in the same functions as
 * at its start, of the same objects: another one may have other variables.
 */
import type { AnyNode } from 'acorn'
import type { Closure } from './closure.ts'
import type { CallFrame } from './inspection.ts'
import type { Scope } from './scope.ts'
import type { Source } from './source.ts'
import { hasFunctionInBlock, mentions, usesThis } from './syntax.ts'
import type { FunctionNode } from './syntax.ts'
import { Dead, isPrimitive, MissedVariable, Obstacle, OwnFunction, Unknown, valueIn } from './values.ts'

/** A function that the prediction has entered. */
export interface Activation {
  readonly node: FunctionNode
  /** Whether the prediction has called a function that the actor made before the round. */
  readonly real: boolean
  readonly source: Source
  readonly self: unknown
  scope: Scope
}

/** A call that has led to the present position. */
export interface Call {
  /** The call in the source; undefined while the position of an actor's call is still sought. */
  node: AnyNode | undefined
}

/**
 * Whether a function that the prediction is in is the one that the actor is in, with the same `this`. `self` is the `this` of
 * the actor, and `frame` the actor's frame of that function.
 */
export function isSameFunction(
  { node, self: now, real, scope }: Activation,
  self: unknown,
  frame: CallFrame | undefined,
): boolean {
  if (usesThis(node) && !Object.is(self, now)) return false
  // A function that the round has made is a new one in each round, and its scopes are compared.
  return !real || haveSameVariables(node, frame!.variables().outer, scope.chain().at(-1)!.outer)
}

/** Whether a variable has the same value in two scopes, or none in both yet. Throws if V8 does not show it. */
function isSame(name: string, one: object, other: object): boolean {
  if (!Object.hasOwn(one, name) || !Object.hasOwn(other, name)) return false
  const values = [valueIn(one, name), valueIn(other, name)]
  if (values.some((value) => value instanceof Dead && value.optimised)) throw new MissedVariable(name)
  return values.every((value) => value instanceof Dead) || Object.is(values[0], values[1])
}

/**
 * Whether the variables around two functions with the same code have the same values, of those that the code uses. Then it makes
 * no difference which of the two the actor is in, as long as the round changes nothing.
 */
function haveSameVariables(node: AnyNode, one: readonly object[], other: readonly object[]): boolean {
  return (
    one.length === other.length &&
    one.every((scope, level) => {
      const around = other[level]!
      const names = new Set([...Object.getOwnPropertyNames(scope), ...Object.getOwnPropertyNames(around)])
      return [...names].every((name) => !mentions(node, name) || isSame(name, scope, around))
    })
  )
}

/** Returns the `this` of a function that is called on `self`. Outside strict mode it is never a primitive. */
export function thisOf({ node, source, self: around }: Closure, self: unknown): unknown {
  if (node.type === 'ArrowFunctionExpression') return around
  return source.isStrict || !isPrimitive(self) ? self : new Unknown()
}

/**
 * Refuses a function whose variables its source does not show: `eval` may declare and assign some, the elements of
 * `arguments` are those of one call, and outside strict mode a function that is declared in a block is visible beyond
 * it.
 */
export function refuseHidden(node: FunctionNode, source: Source): void {
  if (source.callsEval) throw new Obstacle('is in code that uses eval')
  if (source.usesArguments && mentions(node, 'arguments')) throw new Obstacle('uses arguments')
  if (!source.isStrict && hasFunctionInBlock(node)) throw new Obstacle('declares a function in a block')
}

const ownNames = new WeakMap<FunctionNode, OwnFunction>()

/** Declares the variable with a function expression's own name. What stands for the function is the same in each round. */
export function declareOwnName(scope: Scope, node: FunctionNode): void {
  if (node.type !== 'FunctionExpression' || !node.id) return
  const own = ownNames.get(node) ?? new OwnFunction()
  ownNames.set(node, own)
  scope.declare(node.id.name, own)
}
