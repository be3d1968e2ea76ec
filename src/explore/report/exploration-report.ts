/**
 * What an exploration found, for people: the verdict, the outcomes, and each failure with its shortest schedule.
 */
import type { Recording } from '../replay/recording.ts'
import type { Exploration, Failure } from '../search/result.ts'
import { adviceFor, cutSpinTexts } from './advice.ts'
import type { Colours } from '../../terminal/colours.ts'
import { declaredRacesLine } from './declared-races.ts'
import { exceptionReport } from './exception-report.ts'
import { interleavingTable } from './interleaving-table.ts'
import { lostUpdates } from './lost-updates.ts'
import { outcomeTable } from './outcome-table.ts'
import { raceReport } from './race-report.ts'
import { stuckReport } from './stuck-report.ts'
import { counted, wrapped } from '../../terminal/wrapped.ts'

export interface ShownFailure {
  readonly failure: Failure
  readonly recording: Recording
  /** The command that replays it. */
  readonly command: string
}

export interface ReportOptions {
  readonly verbose: boolean
  readonly colours: Colours
  /** How wide the terminal is, if there is one. */
  readonly columns?: number | undefined
  /** Whether to name the declared races: variants of a bug declare the same ones. Default true. */
  readonly declaredRaces?: boolean
}

export function explorationReport(
  exploration: Exploration,
  failures: readonly ShownFailure[],
  options: ReportOptions,
): string {
  const { colours, columns, declaredRaces = true } = options
  const { error, note, outcomes } = exploration
  const declared = declaredRaces ? declaredRacesLine(exploration, columns) : ''
  const cut = cutSpinTexts(exploration)
  const advice = adviceFor(exploration)
  const told = new Set(exploration.failures.filter(({ kind }) => kind === 'outcome').map(({ outcome }) => outcome))
  return [
    titleOf(exploration, colours),
    ...(declared === '' ? [] : [declared]),
    ...(note === undefined ? [] : [wrapped(note, columns)]),
    ...(error === undefined ? [] : [wrapped(error.message, columns)]),
    ...(cut.length === 0 ? [] : [cut.map((text) => wrapped(text, columns)).join('\n')]),
    ...(advice === undefined ? [] : [wrapped(advice, columns)]),
    ...(Object.keys(outcomes).length === 0 ? [] : [outcomeTable(exploration, told, options)]),
    ...failures.map((shown, index) => {
      const before = failures.slice(0, index).some(({ failure }) => failure.token === shown.failure.token)
      return failureReport(shown, options, before)
    }),
  ].join('\n\n')
}

function titleOf(exploration: Exploration, colours: Colours): string {
  const {
    scenario,
    variant,
    verdict,
    complete,
    schedules,
    strategy,
    elapsedMs,
    stopped,
    declaredRaces = [],
  } = exploration
  const name = variant === null ? scenario : `${scenario} (${variant})`
  const paint = { pass: colours.green, fail: colours.red, inconclusive: colours.magenta, error: colours.red }[verdict]
  const count = counted(schedules, 'schedule')
  const given = declaredRaces.length > 0 ? 'complete, given the declared races' : 'complete'
  const how = complete ? `${given}: ${count}` : `${count}, not complete${stopped === undefined ? '' : `: ${stopped}`}`
  return `${colours.bold(name)}: ${paint(verdict)}\n${how} (${strategy}, ${elapsedMs.toFixed(0)} ms)`
}

/** `shown`: whether a failure before this one has shown the same schedule. */
export function failureReport(
  { failure, recording, command }: ShownFailure,
  options: ReportOptions,
  shown = false,
): string {
  const { columns } = options
  return [
    `${wrapped(headline(failure, options.colours), columns)}\n${sizeOf(failure)}${shown ? '; the same schedule as above' : ''}`,
    ...lossesOf(failure, recording, columns),
    ...(shown ? [] : [interleavingTable(recording, options)]),
    ...detailsOf(failure, recording, columns),
    ...(shown ? [] : [`token: ${failure.token}\nreplay: ${command}`]),
  ].join('\n\n')
}

/** A forbidden outcome is named, so that it can be found in the table of outcomes. */
function headline({ kind, message, outcome }: Failure, { red }: Colours): string {
  const isNamed = kind !== 'outcome' || outcome === null || message.includes(outcome)
  return `${red(kind)}${isNamed ? '' : ` ${outcome}`}: ${message}`
}

function sizeOf({ steps, preemptions, minimal }: Failure): string {
  return `${counted(steps, 'step')}, ${counted(preemptions, 'preemption')}: the fewest${minimal ? '' : ' found'}`
}

/** What the table shows in full, on the first screen. */
function lossesOf({ kind }: Failure, recording: Recording, columns: number | undefined): string[] {
  const lost = kind === 'outcome' || kind === 'invariant' ? lostUpdates(recording) : []
  return lost.length === 0 ? [] : [lost.map((each) => wrapped(each, columns)).join('\n')]
}

function detailsOf(
  { kind, message, otherRaces = [] }: Failure,
  recording: Recording,
  columns: number | undefined,
): string[] {
  if (kind === 'deadlock' || kind === 'livelock') return [stuckReport(recording, columns)]
  if (kind === 'exception') return [exceptionReport(recording, message, columns)]
  return kind === 'data-race' ? [raceReport(recording, message, otherRaces, columns)] : []
}
