/** One schedule that was run again, for people. */
import type { Recording } from '../explore/recording.ts'
import type { ReportOptions } from './exploration-report.ts'
import { interleavingTable } from './interleaving-table.ts'
import { raceReport } from './race-report.ts'
import { stuckReport } from './stuck-report.ts'

export function replayReport(name: string, recording: Recording, options: ReportOptions): string {
  const { outcome, faults } = recording.judgement
  const { bold, red, green } = options.colours
  const ending = faults.map(({ kind, message }) => red(`${kind}: ${message}`))
  if (faults.length === 0) ending.push(green('nothing fails'))
  const seen = outcome === undefined ? [] : [`outcome ${outcome.key}: ${outcome.grade}`]
  return [
    bold(name),
    interleavingTable(recording, options),
    ...(recording.stuck.length === 0 ? [] : [stuckReport(recording)]),
    ...(faults.some(({ kind }) => kind === 'data-race') ? [raceReport(recording)] : []),
    [...seen, ...ending].join('\n'),
  ].join('\n\n')
}
