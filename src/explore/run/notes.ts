/**
 * Notes: the lines that actors print while a schedule is replayed, each with the point of the run at which it was
 * printed.
 */
import type { Runs } from './runs.ts'

/** Notes a line of the running actor. An actor that is run again prints the same lines again; they are noted once. */
export function noteLine(runs: Runs, tell: () => string): void {
  const { running: actor, unwinding } = runs
  if (actor === undefined || unwinding) return
  const index = actor.noted++
  // The line keeps what the actor saw when it printed it first: the memory may differ when it is run again.
  if (actor.notes[index]?.after === actor.cursor) return
  actor.notes[index] = { after: actor.cursor, text: textOutsideSchedule(runs, tell) }
}

/** Makes the text of a line outside the schedule: reading the values that it shows is not an access of the actor. */
function textOutsideSchedule(runs: Runs, tell: () => string): string {
  const actor = runs.running
  runs.running = undefined
  try {
    return tell()
  } catch {
    return '(a value that cannot be shown)'
  } finally {
    runs.running = actor
  }
}
