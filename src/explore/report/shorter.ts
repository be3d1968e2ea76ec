/** Shortens an interleaving table by leaving out or joining lines that a reader does not need. */
import type { Frame } from '../run/positions.ts'
import type { Colours } from '../../terminal/colours.ts'
import type { LaneEntry } from './lanes.ts'
import { counted } from '../../terminal/wrapped.ts'

/** A line of the table, before its source position is shortened to a label. */
export interface Line extends Omit<LaneEntry, 'source'> {
  readonly frame?: Frame | undefined
  /** Whether it shows only that a call was made. */
  readonly quiet?: boolean
}

/** Of a table with more lines, only the beginning and the end are shown. */
const MOST_LINES = 240

/** Joins adjacent quiet lines of one actor into one line with the names of the calls. */
export function withoutQuiet(lines: readonly Line[]): Line[] {
  const kept: Line[] = []
  for (let index = 0; index < lines.length;) {
    const line = lines[index]!
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

/** Replaces repeats of one line by their number: the rounds of a waiting loop all look the same. */
export function withoutRepeats(lines: readonly Line[], colours: Colours): Line[] {
  const kept: Line[] = []
  for (let index = 0; index < lines.length;) {
    const line = lines[index]!
    let end = index + 1
    while (end < lines.length && isRepeat(line, lines[end]!)) end++
    const times = end - index - 1
    kept.push(line)
    if (times === 1) kept.push(lines[end - 1]!)
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

/** Leaves out the middle of a table that has more than `MOST_LINES` lines. */
export function withoutMiddle(lines: readonly Line[], colours: Colours): readonly Line[] {
  if (lines.length <= MOST_LINES) return lines
  const [before, after] = [lines.slice(0, MOST_LINES / 2), lines.slice(-MOST_LINES / 2)]
  const actor = before.at(-1)?.actor ?? 0
  const text = `… ${counted(lines.length - MOST_LINES, 'line')} left out; --verbose shows all`
  return [...before, { actor, text, paint: colours.dim }, ...after]
}
