/** What actors print while a schedule is replayed: kept by where in its run the actor stood. */
import type { Runs } from './runs.ts'

/** Notes a line of the running actor. An actor that is run again comes to the same lines again. */
export function noteLine(runs: Runs, tell: () => string): void {
  const { running: actor, unwinding } = runs
  if (actor === undefined || unwinding) return
  const index = actor.noted++
  // What is printed is what the actor saw when it came here first: the memory may differ when it is run again.
  if (actor.notes[index]?.after === actor.cursor) return
  actor.notes[index] = { after: actor.cursor, text: aside(runs, tell) }
}

/** Makes a text of the actor's values outside the schedule: what it reads is no access of the actor. */
function aside(runs: Runs, tell: () => string): string {
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
