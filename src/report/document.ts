/** The JSON document of a run; `schema` changes when a reader would have to. */
import type { BugResult } from '../stress/run-bug.ts'
import type { Machine } from './machine.ts'
import { type TimedStep, timedSteps } from './time-table.ts'

export interface RunDocument extends Omit<BugResult, 'witness'> {
  readonly schema: 1
  readonly machine: Machine
  readonly witness: { readonly variant: string; readonly steps: readonly TimedStep[] } | null
}

export function runDocument(machine: Machine, result: BugResult): RunDocument {
  const { witness } = result
  return { schema: 1, machine, ...result, witness: witness && { ...witness, steps: timedSteps(witness.steps) } }
}
