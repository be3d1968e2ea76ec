/**
 * Compares the explorer's result for a program with the truth.
 */
import type { Exploration, ExploreOptions } from '../../../src/explore/index.ts'
import type { Scenario } from '../../../src/scenario.ts'
import type { Truth } from './oracle.ts'

/** The explorer, or a copy of it with a fault. */
export type Explore = (scenario: Scenario, options?: ExploreOptions) => Exploration

/**
 * Options for small programs. `maxSteps` is small, so an actor that runs alone without end is soon cut off. Data races are not
 * searched for: the oracle knows none.
 */
export const OPTIONS = { allFailures: true, dataRaces: false, maxSteps: 400, timeout: 5 } as const

/** What a result claims. */
export type Claims = Pick<Exploration, 'outcomes' | 'complete' | 'error'> & {
  readonly failures: readonly Pick<Exploration['failures'][number], 'kind'>[]
}

/**
 * Returns what is wrong with the result, one sentence for each error; empty if the result is right in all that it
 * claims.
 */
export function differences(result: Claims, truth: Truth): string[] {
  const seen = new Set(Object.keys(result.outcomes))
  const kinds = new Set<string>(result.failures.map(({ kind }) => kind))
  const wrong: string[] = []
  if (result.error !== undefined) wrong.push(`error: ${result.error.message}`)
  for (const outcome of seen) if (!truth.outcomes.has(outcome)) wrong.push(`impossible outcome ${outcome}`)
  if (kinds.has('deadlock') && !truth.deadlock) wrong.push('no deadlock can happen')
  // What the explorer reports has to be possible. What is missed has to be certain, and only a complete result misses anything.
  if (kinds.has('livelock') && !truth.inVain) wrong.push('no livelock can happen')
  for (const kind of kinds) if (kind !== 'deadlock' && kind !== 'livelock') wrong.push(`a failure of the kind ${kind}`)
  if (!result.complete) return wrong
  for (const outcome of truth.outcomes) if (!seen.has(outcome)) wrong.push(`missed outcome ${outcome}`)
  if (truth.deadlock && !kinds.has('deadlock')) wrong.push('missed a deadlock')
  if (truth.livelock && !kinds.has('livelock')) wrong.push('missed a livelock')
  if (truth.restless) wrong.push('the result is complete, but a schedule changes memory without end')
  return wrong
}
