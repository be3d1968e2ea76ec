import type { FoundFailure } from './minimise.ts'
import type { Tally } from './tally.ts'

/** What the search of one scenario with actors, or of one client, has found. */
export interface Searched {
  readonly tally: Tally
  /** The failures, each with its smallest schedule. */
  readonly smallest: readonly FoundFailure[]
  readonly note: string | undefined
  /** The classes whose calls were one step, or few. */
  readonly covered: readonly string[]
  /** Why others that have a contract were explored inside. */
  readonly inside: readonly (readonly [of: string, why: string])[]
}
