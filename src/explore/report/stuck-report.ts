/**
 * Deadlocks and livelocks: which actors cannot go on, where, and which one left the word as it is.
 */
import { formatFrame } from '../run/positions.ts'
import type { Recording, StuckActor } from '../replay/recording.ts'
import { indented } from '../../terminal/wrapped.ts'

export function stuckReport(recording: Recording, columns?: number): string {
  return recording.stuck.map((stuck) => stuckActor(recording, stuck, columns)).join('\n')
}

function stuckActor({ actors, steps }: Recording, stuck: StuckActor, columns: number | undefined): string {
  const { actor, how, place, value, frames, changedBy } = stuck
  const lines = indented(
    `${actors[actor]} ${how === 'asleep' ? 'sleeps on' : 'spins on'} ${place} = ${value}`,
    2,
    columns,
  )
  for (const frame of frames) {
    lines.push(...indented(`at ${frame.name === '' ? '' : `${frame.name} `}${formatFrame(frame)}`, 6, columns))
  }
  const change = changedBy === undefined ? undefined : steps[changedBy]
  if (change === undefined) lines.push(`    no actor has changed ${place}`)
  else {
    const [frame] = change.frames
    const where = frame === undefined ? '' : ` at ${frame.name} ${formatFrame(frame)}`
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
