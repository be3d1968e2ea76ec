import type { Waits } from '../../contract.ts'

/** What an access is of a covered call. */
export interface CallPart {
  /** The method, the outermost one. */
  readonly method: CoveredMethod
  /** Whether the access is one step with the one before it. */
  readonly within: boolean
  /** Whether a call begins with it that is taken only when it would go through. */
  readonly opens: boolean
}

/** A method that a contract covers: while a scenario is explored, each call of it is one step, or few. */
export interface CoveredMethod {
  /** The name of the class. */
  readonly of: string
  readonly name: string
  readonly waits: Waits
  /** Whether a call takes something that the same actor must give back before it takes something again. */
  readonly pair: 'takes' | 'gives' | undefined
  /** The most actors that may use this object, whatever is proved. */
  callers(object: object): number
  /** Whether only a number of its calls is proved. */
  readonly counted: boolean
  /** What is proved; any of these is enough. */
  readonly proved: readonly Proved[]
}

/** For how many threads a contract is proved, and for how many counted calls of each. */
export interface Proved {
  readonly threads: number
  readonly calls: number
}

/** Whether it is proved for this number of actors that use one object, each with this number of counted calls. */
export function isCovered(proved: readonly Proved[], actors: number, calls: number): boolean {
  return proved.some((each) => actors <= each.threads && calls <= each.calls)
}
