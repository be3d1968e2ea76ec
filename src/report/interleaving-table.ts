/**
 * The interleaving table: a column an actor, time running down, a mark where the turn changes hands. After the tables of
 * Lincheck (N. Koval and others, "Lincheck: A Practical Framework for Testing Concurrent Data Structures on JVM", CAV 2023).
 */
import type { Recording, RecordedStep } from '../explore/recording.ts'
import type { Colours } from './colours.ts'
import { fold, unfolded } from './folding.ts'
import type { Folded } from './folding.ts'
import { foldedText } from './step-text.ts'

const WIDTH = 100
const STEP = 4
const SOURCE = 24
const GAP = 2

export interface TableOptions {
  /** Whether to show every access, also those within one call. */
  readonly verbose: boolean
  readonly colours: Colours
}

export function interleavingTable(recording: Recording, { verbose, colours }: TableOptions): string {
  const { actors, steps } = recording
  const width = Math.max(10, Math.floor((WIDTH - STEP - SOURCE) / actors.length) - GAP)
  const line = (step: string, cells: readonly string[], source: string): string =>
    [step.padStart(STEP - 1), ...cells.map((cell) => cell.padEnd(width)), source].join('  ').trimEnd()
  const cellsFor = (actor: number, text: string): string[] => actors.map((_, index) => (index === actor ? text : ''))
  const rows = [
    line(
      '',
      actors.map((name) => shortened(name, width)),
      'source',
    ),
    '─'.repeat(WIDTH),
  ]
  let last: number | undefined
  for (const row of verbose ? unfolded(steps) : fold(steps)) {
    const [first] = row.steps as [RecordedStep]
    if (last !== undefined && last !== row.actor) {
      rows.push(line('', cellsFor(last, switchMark(first, colours, width)), ''))
    }
    const texts = wrapped(foldedText(row, actors), width)
    for (const [index, text] of texts.entries()) {
      rows.push(
        line(index === 0 ? String(row.position + 1) : '', cellsFor(row.actor, text), index === 0 ? sourceOf(row) : ''),
      )
    }
    last = row.actor
  }
  return rows.join('\n')
}

/** A preemption is the switch that matters: the actor could have gone on. */
function switchMark({ preempts }: RecordedStep, colours: Colours, width: number): string {
  const mark = (preempts ? '◄ preempted here' : 'switch').padEnd(width)
  return preempts ? colours.yellow(mark) : colours.dim(mark)
}

/** The line of the actor's own function, which is where a reader starts. */
function sourceOf({ steps }: Folded): string {
  const frame = steps[0]?.frames.at(-1)
  if (frame === undefined) return ''
  const line = `:${frame.line}`
  return shortened(frame.file.slice(frame.file.lastIndexOf('/') + 1), SOURCE - line.length) + line
}

function shortened(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}

/** Breaks at spaces; a word that is too long is cut. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = ''
    }
    line = shortened(line === '' ? word : `${line} ${word}`, width)
  }
  return [...lines, line]
}
