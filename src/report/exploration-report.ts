/**
 * What an exploration found, for people: the verdict, the outcomes, and each failure with its shortest schedule.
 */
import type { Recording } from '../explore/recording.ts'
import type { Exploration, Failure } from '../explore/result.ts'
import type { Colours } from './colours.ts'
import { interleavingTable } from './interleaving-table.ts'
import { outcomeTable } from './outcome-table.ts'
import { raceReport } from './race-report.ts'
import { stuckReport } from './stuck-report.ts'
import { wrapped } from './wrapped.ts'

export interface ShownFailure {
  readonly failure: Failure
  readonly recording: Recording
  /** The command that replays it. */
  readonly command: string
}

export interface ReportOptions {
  readonly verbose: boolean
  readonly colours: Colours
}

export function explorationReport(
  exploration: Exploration,
  failures: readonly ShownFailure[],
  options: ReportOptions,
): string {
  const { declaredRaces = [] } = exploration
  const parts = [titleOf(exploration, options.colours)]
  if (declaredRaces.length > 0)
    parts.push(wrapped(`Data races are declared, and no failures, on ${declaredRaces.join(', ')}.`))
  if (exploration.note !== undefined) parts.push(wrapped(exploration.note))
  if (exploration.error !== undefined) parts.push(wrapped(exploration.error.message))
  if (Object.keys(exploration.outcomes).length > 0) parts.push(outcomeTable(exploration, options.colours))
  for (const shown of failures) parts.push(failureReport(shown, options))
  return parts.join('\n\n')
}

function titleOf(exploration: Exploration, colours: Colours): string {
  const { scenario, variant, verdict, complete, schedules, strategy, elapsedMs, stopped } = exploration
  const name = variant === null ? scenario : `${scenario} (${variant})`
  const paint = { pass: colours.green, fail: colours.red, inconclusive: colours.magenta, error: colours.red }[verdict]
  const count = `${schedules.toLocaleString('en-US')} ${schedules === 1 ? 'schedule' : 'schedules'}`
  const how = complete ? `complete: ${count}` : `${count}, not complete${stopped === undefined ? '' : `: ${stopped}`}`
  return `${colours.bold(name)}: ${paint(verdict)}\n${how} (${strategy}, ${elapsedMs.toFixed(0)} ms)`
}

export function failureReport({ failure, recording, command }: ShownFailure, options: ReportOptions): string {
  const { kind, message, preemptions, steps } = failure
  const size = `${steps} steps, ${preemptions} ${preemptions === 1 ? 'preemption' : 'preemptions'}`
  return [
    `${wrapped(`${options.colours.red(kind)}: ${message}`)}\n${size}`,
    interleavingTable(recording, options),
    ...detailsOf(failure, recording),
    `token: ${failure.token}\nreplay: ${command}`,
  ].join('\n\n')
}

function detailsOf({ kind }: Failure, recording: Recording): string[] {
  if (kind === 'deadlock' || kind === 'livelock') return [stuckReport(recording)]
  return kind === 'data-race' ? [raceReport(recording)] : []
}
