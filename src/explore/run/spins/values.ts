/**
 * The values of a predicted round: the actor's own values where they are known, and stand-ins for what the round makes
 * or gets from elsewhere. Also the ways out of a prediction.
 */
import { types } from 'node:util'

/** An unknown value. Each one is distinct: a variable that holds the same one as before has not changed. */
export class Unknown {
  readonly kind: string = 'unknown'
}

/** An unknown primitive. */
export class UnknownPrimitive extends Unknown {
  override readonly kind = 'unknown primitive'
}

/** The unknown value of a variable of the actor, where a round is predicted without the values of variables. */
export class UnknownVariable extends Unknown {
  override readonly kind = 'unknown variable'
}

/** The value of a variable that has none yet, or that V8 does not keep. */
export class Dead extends Unknown {
  override readonly kind = 'dead'
  /** Whether V8 has optimised the variable away. */
  readonly optimised: boolean

  constructor(optimised: boolean) {
    super()
    this.optimised = optimised
  }
}

/** Returns the value of a variable, from the object that the inspector has made of its scope. */
export function valueIn(scope: object, name: string): unknown {
  try {
    return Reflect.get(scope, name)
  } catch (error) {
    return new Dead(error instanceof Error && error.message.includes('from debugger'))
  }
}

/** An object that the round has made. It is distinct from all others; nothing else is known of it. */
export class Made {
  readonly kind = 'made'
}

/** An object of which the round has made all properties. */
export class MadeObject extends Made {
  readonly values = new Map<PropertyKey, unknown>()
}

/** Stands for the function that a function expression's own name means. In sloppy mode an assignment to it does nothing. */
export class OwnFunction extends Unknown {}

/**
 * A regular expression or a buffer that the round has made. Code may have given its class accessors, so its properties
 * are not known.
 */
export class MadeSpecial extends Made {}

/** An array of numbers that the round has made. An element runs no code when it is read. */
export class MadeNumbers extends Made {}

/**
 * Thrown where the next round cannot be predicted, or would not repeat the last one. It is not an error and has no
 * stack.
 */
export class Obstacle {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

/** The obstacle that V8 does not show a variable. */
export class MissedVariable extends Obstacle {
  constructor(name: string) {
    super(`uses ${name}, whose value V8 does not show`)
  }
}

/** Whether a value is a primitive. */
export function isPrimitive(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && typeof value !== 'function')
}

/** Whether a condition holds. A condition with an unknown value is an obstacle. */
export function isTruthy(value: unknown): boolean {
  if (value instanceof Unknown) throw new Obstacle('has a condition whose value is unknown')
  return Boolean(value)
}

/** Computes a value from known ones. If the language would throw, that is an obstacle. */
export function computed(compute: () => unknown): unknown {
  try {
    return compute()
  } catch {
    throw new Obstacle('throws')
  }
}

/** Refuses a value that the language would convert to a primitive, since converting an object may run code. */
export function refuseConversion(...values: readonly unknown[]): void {
  const converts = values.some((value) => !isPrimitive(value) && !(value instanceof UnknownPrimitive))
  if (converts) throw new Obstacle('converts a value that is unknown, or an object, to a number or a text')
}

const arrayIterator: unknown = Reflect.get(Array.prototype, Symbol.iterator)
const prototypeOfIterators = Object.getPrototypeOf([].values()) as object
const nextElement: unknown = Reflect.get(prototypeOfIterators, 'next')

/** Whether a value is an array without holes that the language iterates by index, with no code of its own. */
export function isPlainArray(value: unknown): value is readonly unknown[] {
  if (types.isProxy(value) || !Array.isArray(value)) return false
  const iterator = Object.getOwnPropertyDescriptor(Array.prototype, Symbol.iterator)
  const isOrdinary = Object.getPrototypeOf(value) === Array.prototype && !Object.hasOwn(value, Symbol.iterator)
  if (!isOrdinary || iterator?.value !== arrayIterator) return false
  const next = Object.getOwnPropertyDescriptor(prototypeOfIterators, 'next')
  if (next?.value !== nextElement || 'return' in prototypeOfIterators) return false
  const elements = Array.from({ length: value.length }, (_, at) => Object.getOwnPropertyDescriptor(value, at))
  return elements.every((found) => found !== undefined && 'value' in found)
}
