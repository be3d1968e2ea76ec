/**
 * Reports a deadlock or livelock: which actors cannot go on, at which source position, and who last changed the word.
 */
import { frameLine } from '../run/positions.ts'
import type { Recording, StuckActor } from '../replay/recording.ts'
import { indented } from '../../terminal/wrapped.ts'

/** Returns a section for each actor that did not end. */
export function stuckReport(recording: Recording, columns?: number): string {
  return recording.stuck.map((stuck) => stuckActor(recording, stuck, columns)).join('\n')
}

function stuckActor({ actors, steps }: Recording, stuck: StuckActor, columns: number | undefined): string {
  const { actor, how, location, value, frames, changedBy } = stuck
  const lines = indented(
    `${actors[actor]} ${how === 'asleep' ? 'sleeps on' : 'spins on'} ${location} = ${value}`,
    2,
    columns,
  )
  for (const frame of frames) {
    lines.push(...indented(frameLine(frame), 6, columns))
  }
  const change = changedBy === undefined ? undefined : steps[changedBy]
  if (change === undefined) lines.push(`    no actor has changed ${location}`)
  else {
    const [frame] = change.frames
    const where = frame === undefined ? '' : ` ${frameLine(frame)}`
    lines.push(
      ...indented(
        `last changed by ${actors[change.actor]} in step ${(changedBy ?? 0) + 1} (${change.before} → ${change.after})${where}`,
        4,
        columns,
      ),
    )
  }
  return lines.join('\n')
}
