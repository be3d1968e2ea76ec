/**
 * Deadlocks and livelocks: who cannot go on, where, and who left the word as it is.
 */
import { formatFrame } from '../explore/positions.ts'
import type { Recording, StuckActor } from '../explore/recording.ts'

export function stuckReport(recording: Recording): string {
  return recording.stuck.map((stuck) => stuckActor(recording, stuck)).join('\n')
}

function stuckActor({ actors, steps }: Recording, stuck: StuckActor): string {
  const { actor, how, place, value, frames, changedBy } = stuck
  const lines = [`  ${actors[actor]} ${how === 'asleep' ? 'sleeps on' : 'spins on'} ${place} = ${value}`]
  for (const frame of frames) lines.push(`      at ${frame.name === '' ? '' : `${frame.name} `}${formatFrame(frame)}`)
  const change = changedBy === undefined ? undefined : steps[changedBy]
  if (change === undefined) lines.push(`    nobody has changed ${place}`)
  else {
    const [frame] = change.frames
    const where = frame === undefined ? '' : ` at ${frame.name} ${formatFrame(frame)}`
    lines.push(
      `    last changed by ${actors[change.actor]} in step ${(changedBy ?? 0) + 1} (${change.before} → ${change.after})${where}`,
    )
  }
  return lines.join('\n')
}
