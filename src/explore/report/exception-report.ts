/** Reports exceptions: where in the code under test the errors were created. */
import { frameLine } from '../run/positions.ts'
import type { Recording, Thrown } from '../replay/recording.ts'
import { indented } from '../../terminal/wrapped.ts'

/**
 * Returns the stacks of what actors threw. If `message`, the message of a failure, begins with an actor's name and
 * 'threw', only that actor's stack is returned. Otherwise all stacks are returned.
 */
export function exceptionReport({ actors, thrown }: Recording, message: string, columns?: number): string {
  const own = thrown.filter(({ actor }) => message.startsWith(`${actors[actor] ?? ''} threw`))
  return (own.length === 0 ? thrown : own).map((each) => stackOf(actors, each, columns)).join('\n')
}

function stackOf(actors: readonly string[], { actor, frames }: Thrown, columns: number | undefined): string {
  const name = actors[actor] ?? ''
  if (frames === null) return indented(`What ${name} threw is not an Error, so it has no stack.`, 2, columns).join('\n')
  if (frames.length === 0)
    return indented(`What ${name} threw was not created in the code of the scenario.`, 2, columns).join('\n')
  return [`  ${name} threw`, ...frames.flatMap((frame) => indented(frameLine(frame), 6, columns))].join('\n')
}
