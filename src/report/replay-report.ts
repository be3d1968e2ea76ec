/** One schedule that was run again, for people. */
import type { Judgement } from '../explore/judge.ts'
import type { Recording } from '../explore/recording.ts'
import type { Colours } from './colours.ts'
import type { ReportOptions } from './exploration-report.ts'
import { interleavingTable } from './interleaving-table.ts'
import { raceReport } from './race-report.ts'
import { stuckReport } from './stuck-report.ts'

export function replayReport(name: string, recording: Recording, options: ReportOptions): string {
  const { faults } = recording.judgement
  return [
    options.colours.bold(name),
    interleavingTable(recording, options),
    ...(recording.stuck.length === 0 ? [] : [stuckReport(recording)]),
    ...(faults.some(({ kind }) => kind === 'data-race') ? [raceReport(recording)] : []),
    ending(recording.judgement, options.colours),
  ].join('\n\n')
}

function ending({ outcome, faults }: Judgement, { red, green }: Colours): string {
  const seen = outcome === undefined ? [] : [`outcome ${outcome.key}: ${outcome.grade}`]
  const wrong = faults.map(({ kind, message }) => red(`${kind}: ${message}`))
  return [...seen, ...(wrong.length === 0 ? [green('nothing fails')] : wrong)].join('\n')
}
