/**
 * The interleaving table: a lane an actor, time running down, a mark where the turn changes hands. After the tables of
 * Lincheck (N. Koval and others, "Lincheck: A Practical Framework for Testing Concurrent Data Structures on JVM", CAV 2023).
 */
import type { Printed, Recording, RecordedStep } from '../replay/recording.ts'
import { CallTeller, contestedWords } from './call-entries.ts'
import type { Colours } from '../../terminal/colours.ts'
import { fold, unfolded } from './folding.ts'
import { type LaneEntry, laneTable } from './lanes.ts'
import { rowLines } from './row-lines.ts'
import { type Line, withoutMiddle, withoutQuiet, withoutRepeats } from './shorter.ts'
import { sourceLabels } from './source-labels.ts'
import { widthOf } from '../../terminal/wrapped.ts'

export interface TableOptions {
  /** Whether to show every access, also those within one call. */
  readonly verbose: boolean
  readonly colours: Colours
  /** How wide the terminal is, if there is one. */
  readonly columns?: number | undefined
}

/** What is longer is told in less detail, so that the first screen has the whole story. */
const ROOMY = 20
/** How many lines of what an actor prints at once. */
const MOST_PRINTED = 4

export function interleavingTable(recording: Recording, { verbose, colours, columns }: TableOptions): string {
  const lines = verbose ? linesOf(recording, 'all', colours) : shortLines(recording, colours)
  const label = sourceLabels(lines.flatMap(({ frame }) => frame ?? []))
  const entries = lines.map((line): LaneEntry => {
    const { actor, text, indent, step, paint, frame } = line
    return { actor, text, indent, step, paint, source: frame === undefined ? '' : label(frame) }
  })
  return laneTable(recording.actors, entries, { width: widthOf(columns), colours })
}

function shortLines(recording: Recording, colours: Colours): readonly Line[] {
  const full = withoutRepeats(linesOf(recording, 'calls', colours), colours)
  if (full.length <= ROOMY || contestedWords(recording.steps).size === 0) return withoutMiddle(full, colours)
  return withoutMiddle(withoutRepeats(withoutQuiet(linesOf(recording, 'decisive', colours)), colours), colours)
}

/** all: each access; calls: with what each did; decisive: the same, of words that matter to others. */
type Detail = 'all' | 'calls' | 'decisive'

function linesOf(recording: Recording, detail: Detail, colours: Colours): Line[] {
  const { actors, steps } = recording
  const contested = contestedWords(steps)
  const teller = new CallTeller(actors, contested, detail === 'decisive')
  const printedAfter = (position: number | null): Line[] =>
    recording.printed.filter(({ after }) => after === position).flatMap((each) => printedLines(each, colours))
  const lines: Line[] = printedAfter(null)
  let last: number | undefined
  for (const row of detail === 'all' ? unfolded(steps) : fold(steps)) {
    const [first] = row.steps as [RecordedStep]
    if (last !== undefined && last !== row.actor) lines.push(switchMark(last, first, colours))
    lines.push(...rowLines(row, actors, detail === 'decisive' ? contested : undefined, teller))
    lines.push(...row.steps.flatMap((_, index) => printedAfter(row.position + index)))
    last = row.actor
  }
  return lines
}

/** A preemption is the switch that matters: the actor could have gone on. */
function switchMark(actor: number, { preempts }: RecordedStep, colours: Colours): Line {
  return preempts
    ? { actor, text: '◄ preempted here', paint: colours.yellow }
    : { actor, text: 'switch', paint: colours.dim }
}

function printedLines({ actor, text }: Printed, colours: Colours): Line[] {
  const lines = text.split('\n')
  const shown = lines.length > MOST_PRINTED ? [...lines.slice(0, MOST_PRINTED - 1), '…'] : lines
  return shown.map((line, index) => ({
    actor,
    text: index === 0 ? `prints: ${line}` : line,
    indent: index === 0 ? 0 : 2,
    paint: colours.italic,
  }))
}
