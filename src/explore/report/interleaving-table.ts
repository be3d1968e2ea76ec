/**
 * The interleaving table: one lane for each actor, with time running down, and a mark where the turn passes to another
 * actor. After the tables of Lincheck (N. Koval and others, "Lincheck: A Practical Framework for Testing Concurrent
 * Data Structures on JVM", CAV 2023).
 */
import type { Printed, Recording, RecordedStep } from '../replay/recording.ts'
import { CallSummaries, contestedWords } from './call-entries.ts'
import type { Colours } from '../../terminal/colours.ts'
import { fold, unfolded } from './folding.ts'
import { laneTable } from './lanes.ts'
import type { LaneEntry } from './lanes.ts'
import { rowLines, withinOperation } from './row-lines.ts'
import { withoutMiddle, withoutQuiet, withoutRepeats } from './shorter.ts'
import type { Line } from './shorter.ts'
import { sourceLabels } from './source-labels.ts'
import { widthOf } from '../../terminal/wrapped.ts'

/** How to lay out an interleaving table. */
export interface TableOptions {
  /** Whether to show every access, including those within one call. */
  readonly verbose: boolean
  readonly colours: Colours
  /** The width of the terminal in characters; undefined if the text does not go to one. */
  readonly columns?: number | undefined
  /** The number of the step of no return, counted from 1. */
  readonly inevitable?: number | undefined
}

/** A table with more lines than this is made with less detail, so that it fits on one screen. */
const ROOMY = 20
/** The largest number of lines to show of one text that an actor prints. */
const MOST_PRINTED = 4

/** Returns the interleaving table of a recorded schedule. */
export function interleavingTable(recording: Recording, options: TableOptions): string {
  const { verbose, colours, columns } = options
  const lines = verbose ? linesOf(recording, 'all', options) : shortLines(recording, options)
  const label = sourceLabels(lines.flatMap(({ frame }) => frame ?? []))
  const entries = lines.map((line): LaneEntry => {
    const { actor, text, indent, step, paint, frame } = line
    return { actor, text, indent, step, paint, source: frame === undefined ? '' : label(frame) }
  })
  return laneTable(recording.actors, entries, { width: widthOf(columns), colours })
}

function shortLines(recording: Recording, options: TableOptions): readonly Line[] {
  const { colours } = options
  const full = withoutRepeats(linesOf(recording, 'calls', options), colours)
  if (full.length <= ROOMY || contestedWords(recording.steps).size === 0) return withoutMiddle(full, colours)
  return withoutMiddle(withoutRepeats(withoutQuiet(linesOf(recording, 'decisive', options)), colours), colours)
}

/** all: every access; calls: calls with what each did; decisive: calls with what each did to contested words. */
type Detail = 'all' | 'calls' | 'decisive'

function linesOf(recording: Recording, detail: Detail, { colours, inevitable = 0 }: TableOptions): Line[] {
  const { actors, steps } = recording
  const contested = contestedWords(steps)
  const summaries = new CallSummaries(actors, contested, detail === 'decisive')
  const printedAfter = (position: number | null): Line[] =>
    recording.printed.filter(({ after }) => after === position).flatMap((each) => printedLines(each, colours))
  const lines: Line[] = printedAfter(null)
  const hasOperations = steps.some(({ begins }) => begins !== undefined)
  let last: number | undefined
  for (const row of detail === 'all' ? unfolded(steps) : fold(steps)) {
    const [first] = row.steps as [RecordedStep]
    if (last !== undefined && last !== row.actor) lines.push(switchMark(last, first, colours))
    const own = rowLines(row, actors, detail === 'decisive' ? contested : undefined, summaries)
    const isHere = inevitable > row.position && inevitable <= row.position + row.steps.length
    const all = row.operation === undefined && hasOperations ? withinOperation(row, own) : own
    lines.push(...(isHere ? withNoReturn(all, row.actor, inevitable, colours) : all))
    lines.push(...row.steps.flatMap((_, index) => printedAfter(row.position + index)))
    last = row.actor
  }
  return lines
}

/**
 * Returns the mark where the turn passes to another actor. A preemption stands out: the first actor could have gone on.
 */
function switchMark(actor: number, { preempts }: RecordedStep, colours: Colours): Line {
  return preempts
    ? { actor, text: '◄ preempted here', paint: colours.yellow }
    : { actor, text: 'switch', paint: colours.dim }
}

/** Returns the lines of a row with the mark of the step of no return behind the last of them that is not after that step. */
function withNoReturn(lines: readonly Line[], actor: number, inevitable: number, colours: Colours): Line[] {
  const mark: Line = { actor, text: '◄ from here every schedule fails', paint: colours.red }
  const later = lines.findIndex(({ step = 0 }) => step > inevitable)
  return later < 0 ? [...lines, mark] : [...lines.slice(0, later), mark, ...lines.slice(later)]
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
