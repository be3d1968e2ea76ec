/** The JSON document of a run. `schema` changes whenever a program that reads the document must change. */
import type { LessonResult } from '../run-thread-lesson.ts'
import type { Machine } from '../../terminal/machine.ts'

/** What `lab --json` prints for one lesson. */
export interface RunDocument extends LessonResult {
  readonly schema: 1
  readonly machine: Machine
}

/** Returns the document of one lesson's result. */
export function runDocument(machine: Machine, result: LessonResult): RunDocument {
  return { schema: 1, machine, ...result }
}
