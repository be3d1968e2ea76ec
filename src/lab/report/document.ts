/** The JSON document of a run; `schema` changes when a reader would have to. */
import type { BugResult } from '../run-bug.ts'
import type { Machine } from '../../terminal/machine.ts'

export interface RunDocument extends BugResult {
  readonly schema: 1
  readonly machine: Machine
}

export function runDocument(machine: Machine, result: BugResult): RunDocument {
  return { schema: 1, machine, ...result }
}
