/** The rows of a diagram: a step each, or a call whose steps follow each other. */
import type { Recording } from '../../explore/replay/recording.ts'
import type { Frame } from '../../explore/run/positions.ts'
import { CallSummaries, contestedWords } from '../../explore/report/call-entries.ts'
import { fold, unfolded } from '../../explore/report/folding.ts'
import type { Folded } from '../../explore/report/folding.ts'
import { rowLines } from '../../explore/report/row-lines.ts'
import { isEvent, stepText } from '../../explore/report/step-text.ts'
import type { Arrow } from './saw.ts'

export interface DiagramRow {
  readonly actor: number
  readonly text: string
  /** Where it is in the source; undefined if that is not known. */
  readonly frame: Frame | undefined
  /** Its first step, and the one after its last, counted from 0. */
  readonly from: number
  readonly to: number
}

/** Returns the rows. `whole`: whether each access has a row, also within a call that was not interrupted. */
export function rowsOf({ steps, actors }: Recording, whole: boolean): DiagramRow[] {
  const summaries = new CallSummaries(actors, contestedWords(steps), false)
  return (whole ? unfolded(steps) : fold(steps)).map((row): DiagramRow => {
    const { actor, frame, position } = row
    const text = row.steps.length === 1 ? accessText(row, actors) : callText(row, actors, summaries)
    return { actor, text, frame, from: position, to: position + row.steps.length }
  })
}

function callText(row: Folded, actors: readonly string[], summaries: CallSummaries): string {
  const [call, ...entries] = rowLines(row, actors, undefined, summaries).map(({ text }) => text)
  return entries.length === 0 ? (call ?? '') : `${call}: ${entries.join(', ')}`
}

function accessText({ steps }: Folded, actors: readonly string[]): string {
  const [step] = steps as [Recording['steps'][number]]
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
