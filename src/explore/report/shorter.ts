/** Makes the lines of an interleaving table fewer, without what a reader can do without. */
import type { Frame } from '../run/positions.ts'
import type { Colours } from '../../terminal/colours.ts'
import type { LaneEntry } from './lanes.ts'
import { counted } from '../../terminal/wrapped.ts'

/** A line of the table, before its source is cut to what tells files apart. */
export interface Line extends Omit<LaneEntry, 'source'> {
  readonly frame?: Frame | undefined
  /** Whether it tells of nothing but that a call was made. */
  readonly quiet?: boolean
}

/** A longer table shows its two ends. */
const MOST_LINES = 240

/** Calls in a row of which there is nothing to tell become one line. */
export function withoutQuiet(lines: readonly Line[]): Line[] {
  const kept: Line[] = []
  for (let index = 0; index < lines.length;) {
    const line = lines[index] as Line
    const calls = line.quiet === true ? quietRun(lines, index) : 1
    const names = new Set(lines.slice(index, index + calls).map(({ text }) => text))
    kept.push(calls === 1 ? line : { ...line, text: [...names].join(', ') })
    index += calls
  }
  return kept
}

function quietRun(lines: readonly Line[], from: number): number {
  const end = lines.findIndex(
    ({ quiet, actor }, index) => index > from && !(quiet === true && actor === lines[from]?.actor),
  )
  return (end < 0 ? lines.length : end) - from
}

/** The rounds of a loop that waits look all the same. */
export function withoutRepeats(lines: readonly Line[], colours: Colours): Line[] {
  const kept: Line[] = []
  for (let index = 0; index < lines.length;) {
    const line = lines[index] as Line
    let end = index + 1
    while (end < lines.length && isRepeat(line, lines[end] as Line)) end++
    const times = end - index - 1
    kept.push(line)
    if (times === 1) kept.push(lines[end - 1] as Line)
    if (times > 1) {
      kept.push({ actor: line.actor, text: `… ${times.toLocaleString('en-US')} times more`, paint: colours.dim })
    }
    index = end
  }
  return kept
}

function isRepeat({ actor, text, frame }: Line, next: Line): boolean {
  return (
    next.step !== undefined &&
    next.actor === actor &&
    next.text === text &&
    next.frame?.line === frame?.line &&
    next.frame?.file === frame?.file
  )
}

export function withoutMiddle(lines: readonly Line[], colours: Colours): readonly Line[] {
  if (lines.length <= MOST_LINES) return lines
  const [before, after] = [lines.slice(0, MOST_LINES / 2), lines.slice(-MOST_LINES / 2)]
  const actor = before.at(-1)?.actor ?? 0
  const text = `… ${counted(lines.length - MOST_LINES, 'line')} left out; --verbose shows all`
  return [...before, { actor, text, paint: colours.dim }, ...after]
}
