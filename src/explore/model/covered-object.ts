import type { Proved } from './covered-method.ts'

/** An object of a class with a contract. */
export interface CoveredObject {
  /** The name of the class. */
  readonly of: string
  readonly proved: readonly Proved[]
  /** The most actors that may use it, whatever is proved. */
  callers: number
  /** The actors that have called its methods: a bit for each. */
  actors: number
  /** The most counted calls of the class that one of them has made. */
  calls: number
  /** The object that it has turned out to be a part of. */
  into: CoveredObject | undefined
}
