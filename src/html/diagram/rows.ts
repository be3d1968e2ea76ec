/** The rows of a diagram: the steps of a schedule, each in one row, in their order. */
import { CallSummaries, contestedWords } from '../../explore/report/call-entries.ts'
import { fold, unfolded } from '../../explore/report/folding.ts'
import type { Folded } from '../../explore/report/folding.ts'
import { isEvent, stepText } from '../../explore/report/step-text.ts'
import type { Recording } from '../../explore/replay/recording.ts'
import { shortened } from '../../terminal/wrapped.ts'
import { callRows } from './call-rows.ts'
import type { DiagramRow } from './row.ts'
import type { Arrow } from './saw.ts'
import { withoutMiddle, withoutQuiet, withoutRepeats } from './shorter.ts'

export interface RowOptions {
  /** Whether each access has a row, also within a call that was not interrupted. */
  readonly whole: boolean
  /** The largest number of rows: of more, the middle is left out. Default: no bound. */
  readonly most?: number | undefined
}

/** With more rows than this, calls show only what they did to contested words. */
const ROOMY = 24
const MOST_CHARACTERS = 400

/** Returns the rows. */
export function rowsOf(recording: Recording, { whole, most = Infinity }: RowOptions): DiagramRow[] {
  const all = whole ? accessRows(recording) : shortRows(recording)
  return withoutMiddle(all, most)
}

function accessRows({ steps, actors }: Recording): DiagramRow[] {
  return unfolded(steps).map((row) => accessRow(row, actors))
}

function shortRows(recording: Recording): DiagramRow[] {
  const contested = contestedWords(recording.steps)
  const rows = withoutRepeats(foldedRows(recording, contested, false))
  if (rows.length <= ROOMY || contested.size === 0) return rows
  return withoutRepeats(withoutQuiet(foldedRows(recording, contested, true)))
}

/** `terse`: whether calls show only contested words. */
function foldedRows({ steps, actors }: Recording, contested: ReadonlySet<string>, terse: boolean): DiagramRow[] {
  const summaries = new CallSummaries(actors, contested, terse)
  return fold(steps).flatMap((row) => {
    if (row.steps.length > 1) return callRows(row, actors, summaries)
    const [step] = row.steps as [Recording['steps'][number]]
    if (!isEvent(step)) summaries.note(step)
    return [accessRow(row, actors)]
  })
}

function accessRow({ actor, steps, frame, position }: Folded, actors: readonly string[]): DiagramRow {
  const [step] = steps as [Recording['steps'][number]]
  const place = { actor, frame, from: position, to: position + 1, step: position + 1, within: false, quiet: false }
  return { ...place, text: shortened(accessText(step, actors), MOST_CHARACTERS) }
}

function accessText(step: Recording['steps'][number], actors: readonly string[]): string {
  if (step.action === 'call') return step.begins ?? ''
  if (isEvent(step)) return `returns ${step.returns ?? ''}`
  const begins = step.begins === undefined ? '' : `${step.begins}: `
  const returns = step.returns === undefined || step.returns === '' ? '' : `, returns ${step.returns}`
  const name = step.action === 'crash' || step.action === 'timeout' ? '' : `${step.action} `
  return `${begins}${name}${stepText(step, actors)}${returns}`
}

/** Returns arrows between steps as arrows between the rows that have them, each once, and none within a row. */
export function betweenRows(arrows: readonly Arrow[], rows: readonly DiagramRow[]): Arrow[] {
  const rowAt = rows.flatMap(({ from, to }, index) => Array.from({ length: to - from }, () => index))
  const all = new Map<string, Arrow>()
  for (const arrow of arrows) {
    const [from, to] = [rowAt[arrow.from]!, rowAt[arrow.to]!]
    if (from !== to) all.set(`${from} ${to}`, { from, to })
  }
  return [...all.values()]
}
