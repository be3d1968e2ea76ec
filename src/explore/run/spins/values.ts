/**
 * Values as the next round of a loop has them: the thread's own values where they are known, and stand-ins for what the
 * round makes or gets from elsewhere.
 */
/** It may be anything. Each is one of its own: a variable that holds the same one as before has not changed. */
export class Unknown {
  readonly kind: string = 'unknown'
}

/** A variable's value that the thread has no use for any more, and does not tell: it is written before it is read again. */
export class Dead extends Unknown {
  override readonly kind = 'dead'
}

/** What a variable holds, of an object that the inspector has made of a scope. */
export function valueIn(scope: object, name: string): unknown {
  try {
    return Reflect.get(scope, name)
  } catch {
    // Not initialised yet, or optimised away since nothing can read it.
    return new Dead()
  }
}

/** An object that the round has made: it is no other object, and that is all that is known. */
export class Made {
  readonly kind = 'made'
}

/** Why the next round cannot be foretold, or is not like the last one. Thrown without a stack: it is no error. */
export class Obstacle {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

export function isPrimitive(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && typeof value !== 'function')
}

/** Whether a condition holds. */
export function isTruthy(value: unknown): boolean {
  if (value instanceof Unknown) throw new Obstacle('has a condition whose value cannot be told')
  return Boolean(value)
}

/** What the code under test would throw. */
export class Thrown {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}

/** What the language computes of known values; where it would throw, the round cannot be told. */
export function computed(compute: () => unknown): unknown {
  try {
    return compute()
  } catch {
    throw new Obstacle('throws')
  }
}

/** Refuses what the language would convert to a primitive: that may run code of an object. */
export function refuseConversion(...values: readonly unknown[]): void {
  const converts = values.some((value) => !(value instanceof Unknown) && !isPrimitive(value))
  if (converts) throw new Obstacle('converts an object to a number or a text')
}
