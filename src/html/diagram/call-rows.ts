/** The rows of a call whose steps follow each other: one for the call, and one for each thing that it did. */
import type { CallSummaries } from '../../explore/report/call-entries.ts'
import type { Folded } from '../../explore/report/folding.ts'
import { rowLines } from '../../explore/report/row-lines.ts'
import type { Line } from '../../explore/report/shorter.ts'
import { callText } from '../../explore/report/step-text.ts'
import { shortened } from '../../terminal/wrapped.ts'
import type { DiagramRow } from './row.ts'

const MOST_CHARACTERS = 400

/** A line that describes one step. */
type Numbered = Line & { readonly step: number }

/**
 * Returns the rows. A row ends with the step that it describes, so that a reader who steps to it sees what that step did; the last
 * also has the steps behind it.
 */
export function callRows(row: Folded, actors: readonly string[], summaries: CallSummaries): DiagramRow[] {
  const { position, steps } = row
  const [first = { actor: row.actor, text: callText(row.call ?? '') }, ...below]: readonly Line[] = rowLines(
    row,
    actors,
    undefined,
    summaries,
  )
  const entries = below.filter((line): line is Numbered => line.step !== undefined)
  const head = headLine(row, first, below)
  const begun = entries[0]?.step === position + 1
  // A call whose first step is described has no step left for a row of its own.
  const lines = begun ? [merged(head, entries[0]!), ...entries.slice(1)] : [head, ...entries]
  const ends = lines.map((_, index) => (index === 0 && !begun ? (entries[0]?.step ?? 1) - 1 : lines[index]!.step))
  return lines.map((line, index): DiagramRow => {
    const isLast = index === lines.length - 1
    return {
      actor: row.actor,
      text: shortened(line.text, MOST_CHARACTERS),
      frame: line.frame,
      step: line.step,
      from: index === 0 ? position : ends[index - 1]!,
      to: isLast ? position + steps.length : ends[index]!,
      within: index > 0,
      quiet: line.quiet === true,
    }
  })
}

/** What has no number, such as how many words are as before, is said behind the call. */
function headLine({ position }: Folded, first: Line, below: readonly Line[]): Numbered {
  const rest = below.filter(({ step }) => step === undefined).map(({ text }) => text)
  return { ...first, text: [first.text, ...rest].join(' · '), step: first.step ?? position + 1 }
}

function merged(head: Numbered, entry: Numbered): Numbered {
  return { ...head, text: `${head.text}: ${entry.text}`, step: entry.step }
}
