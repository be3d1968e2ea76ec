/**
 * Holds what the explorer says of a program against the truth.
 */
import type { Exploration, ExploreOptions } from '../../../src/explore/index.ts'
import type { Scenario } from '../../../src/scenario.ts'
import type { Truth } from './oracle.ts'

/** The explorer, or one with a fault planted in it. */
export type Explore = (scenario: Scenario, options: ExploreOptions) => Exploration

/** For small programs: an actor that goes on alone without end is cut off soon. All accesses are compared, so races are not looked for. */
export const OPTIONS = { allFailures: true, dataRaces: false, maxSteps: 400, timeout: 5 } as const

/** Returns what is wrong with the result, one sentence each; empty if it is right as far as it goes. */
export function differences(result: Exploration, truth: Truth): string[] {
  const seen = new Set(Object.keys(result.outcomes))
  const kinds = new Set<string>(result.failures.map(({ kind }) => kind))
  const wrong: string[] = []
  if (result.error !== undefined) wrong.push(`error: ${result.error.message}`)
  for (const outcome of seen) if (!truth.outcomes.has(outcome)) wrong.push(`impossible outcome ${outcome}`)
  if (kinds.has('deadlock') && !truth.deadlock) wrong.push('no deadlock can happen')
  if (kinds.has('livelock') && !truth.inVain) wrong.push('no livelock can happen')
  for (const kind of kinds) if (kind !== 'deadlock' && kind !== 'livelock') wrong.push(`no ${kind} can happen`)
  if (!result.complete) return wrong
  for (const outcome of truth.outcomes) if (!seen.has(outcome)) wrong.push(`missed outcome ${outcome}`)
  if (truth.deadlock && !kinds.has('deadlock')) wrong.push('missed a deadlock')
  if (truth.livelock && !kinds.has('livelock')) wrong.push('missed a livelock')
  if (truth.restless) wrong.push('complete, though a schedule changes memory without end')
  return wrong
}
