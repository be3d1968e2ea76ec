/**
 * A data race in the shape that ThreadSanitizer made familiar: the access that came second, then the one it races with.
 */
import { formatFrame } from '../explore/positions.ts'
import type { Recording, RecordedStep } from '../explore/recording.ts'

const ATOMIC = new Set(['load', 'store', 'add', 'sub', 'and', 'or', 'xor', 'exchange', 'compareExchange', 'wait'])

export function raceReport(recording: Recording): string {
  const [race] = recording.races
  if (race === undefined) return ''
  const [earlier, later] = race
  const rest = recording.races.length - 1
  return [
    'WARNING: data race',
    ...accessLines(recording, later, ''),
    '',
    ...accessLines(recording, earlier, 'previous '),
    ...(rest === 0 ? [] : ['', `  and ${rest} more in this schedule`]),
    '',
    '  JavaScript promises sequential consistency only to programs without data races: on real threads',
    '  there may be outcomes that no interleaving has.',
  ].join('\n')
}

function accessLines({ actors, steps }: Recording, position: number, before: string): string[] {
  const step = steps[position] as RecordedStep
  const kind = `${ATOMIC.has(step.action) ? 'atomic ' : ''}${step.writes ? 'write' : 'read'}`
  const title = `${before}${kind} of size ${step.size} at ${step.place} by ${actors[step.actor]}, step ${position + 1}:`
  const stack = step.frames.map((frame, index) => `    #${index} ${frame.name || '(anonymous)'} ${formatFrame(frame)}`)
  return [`  ${title[0]?.toUpperCase() ?? ''}${title.slice(1)}`, ...stack]
}
