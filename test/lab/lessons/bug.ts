/** Runs a lesson as the lab does, for tests: on a team of its own, with the load's own gap unless told otherwise. */
import type { Bug } from '../../../src/lab/lessons/bug.ts'
import { type BugResult, type VariantResult, runBug } from '../../../src/lab/run-bug.ts'
import { Team } from '../../../src/stress/team.ts'
import { parseGap } from '../../../src/stress/gap.ts'

export interface Options {
  readonly iterations?: number
  readonly gap?: string
}

export async function runOnce(bug: Bug, workers: number, { iterations, gap }: Options = {}): Promise<BugResult> {
  const team = await Team.start(workers)
  try {
    return await runBug(team, bug, { workers, iterations, gap: gap === undefined ? undefined : parseGap(gap), seed: 1 })
  } finally {
    await team.close()
  }
}

export function variantOf(result: BugResult, name: string): VariantResult {
  const found = result.variants.find(({ variant }) => variant === name)
  if (!found) throw new Error(`The run has no variant ${name}`)
  return found
}

/** Verdicts by variant. */
export function verdictsOf({ variants }: BugResult): Record<string, string> {
  return Object.fromEntries(variants.map(({ variant, verdict }) => [variant, verdict]))
}
