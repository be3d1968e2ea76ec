/** Reports a replayed schedule as text. */
import type { Judgement } from '../subject/judge.ts'
import type { Outcome } from '../subject/outcome.ts'
import type { Recording } from '../replay/recording.ts'
import type { Colours } from '../../terminal/colours.ts'
import { exceptionReport } from './exception-report.ts'
import type { ReportOptions } from './exploration-report.ts'
import { interleavingTable } from './interleaving-table.ts'
import { raceReport, raceSentences } from './race-report.ts'
import { stuckReport } from './stuck-report.ts'
import { wrapped } from '../../terminal/wrapped.ts'

const UNDETECTED =
  'Data races are not detected on threads. The explorer finds one in this schedule: replay it without --on threads.'

/** Returns the report on a replayed schedule, under the title `name`. */
export function replayReport(name: string, recording: Recording, options: ReportOptions): string {
  const { columns } = options
  const races = raceSentences(recording)
  const isJudged = recording.judgement.faults.some(({ kind }) => kind === 'data-race')
  const [race, ...others] = isJudged ? races : []
  return [
    options.colours.bold(name),
    interleavingTable(recording, options),
    ...(recording.stuck.length === 0 ? [] : [stuckReport(recording, columns)]),
    ...(recording.thrown.length === 0 ? [] : [exceptionReport(recording, '', columns)]),
    ...(race === undefined ? [] : [raceReport(recording, race, others, columns)]),
    wrapped(verdictLines(recording.judgement, options.colours), columns),
    // A replay on threads detects no data races; its recording is the explorer's.
    ...(isJudged || races.length === 0 ? [] : [wrapped(UNDETECTED, columns)]),
  ].join('\n\n')
}

/** Returns an outcome as text. The text has the grade if the outcome is forbidden or the schedule has no fault. */
function outcomeText({ key, grade, description }: Outcome, faults: Judgement['faults']): string {
  if (grade !== 'forbidden') return faults.length === 0 ? `outcome ${key}: ${grade}` : `outcome ${key}`
  return `outcome ${key}: forbidden${description === undefined ? '' : `, ${description.replace(`the outcome ${key} is `, '')}`}`
}

/**
 * Returns the last lines of the report: the outcome and the faults. The report lists the data races but the first
 * above.
 */
function verdictLines({ outcome, faults }: Judgement, { red, green }: Colours): string {
  const races = new Set(faults.filter(({ kind }) => kind === 'data-race').slice(1))
  const wrong = faults
    .filter((fault) => fault.kind !== 'outcome' && !races.has(fault))
    .map(({ kind, message }) => red(`${kind}: ${message}`))
  const seen =
    outcome === undefined ? [] : [(outcome.grade === 'forbidden' ? red : green)(outcomeText(outcome, faults))]
  return [...seen, ...wrong, ...(faults.length === 0 ? [green('nothing fails')] : [])].join('\n')
}
