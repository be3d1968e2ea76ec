/** Reports an exploration as text: the verdict, the outcomes, and each failure with its smallest schedule. */
import type { Recording } from '../replay/recording.ts'
import type { Exploration, ExplorationVerdict, Failure, Inevitable } from '../search/result.ts'
import { adviceFor, asProperty, cutSpinTexts } from './advice.ts'
import type { WriteOption } from './advice.ts'
import type { Colours } from '../../terminal/colours.ts'
import { contractTexts } from './contracts.ts'
import { declaredRacesLine } from './declared-races.ts'
import { exceptionReport } from './exception-report.ts'
import { interleavingTable } from './interleaving-table.ts'
import type { TableOptions } from './interleaving-table.ts'
import { lostUpdates } from './lost-updates.ts'
import { outcomeTable } from './outcome-table.ts'
import { raceReport } from './race-report.ts'
import { boundedVerdict, standingLine } from './standing.ts'
import { stuckReport } from './stuck-report.ts'
import { counted, indented, wrapped } from '../../terminal/wrapped.ts'

/** A failure, and what its report needs. */
export interface ShownFailure {
  readonly failure: Failure
  readonly recording: Recording
  /** The command that replays its schedule. */
  readonly command: string
}

/** How to lay out a report, and its interleaving tables. */
export interface ReportOptions extends TableOptions {
  /**
   * Whether to list the declared races. Default: true. Of several reports with the same ones, only the first need list
   * them.
   */
  readonly declaredRaces?: boolean
  /** How the reader writes an option. Default: as a property of the options of `explore()`. */
  readonly writeOption?: WriteOption
}

/** Returns the report on an exploration, with a section for each of `failures`. */
export function explorationReport(
  exploration: Exploration,
  failures: readonly ShownFailure[],
  options: ReportOptions,
): string {
  const { colours, columns, declaredRaces = true, writeOption = asProperty } = options
  const { error, note, outcomes, client, crash } = exploration
  const declared = declaredRaces ? declaredRacesLine(exploration, columns) : ''
  const cut = cutSpinTexts(exploration, writeOption)
  const advice = adviceFor(exploration, writeOption)
  const failed = new Set(exploration.failures.filter(({ kind }) => kind === 'outcome').map(({ outcome }) => outcome))
  const standing = standingLine(exploration)
  const covered = contractTexts(exploration)
  return [
    titleOf(exploration, colours) + (standing === undefined ? '' : `\n${wrapped(standing, columns)}`),
    ...(covered.length === 0 ? [] : [covered.map((text) => wrapped(text, columns)).join('\n')]),
    ...(declared === '' ? [] : [declared]),
    ...(note === undefined ? [] : [wrapped(note, columns)]),
    ...(error === undefined ? [] : [wrapped(error.message, columns)]),
    ...(cut.length === 0 ? [] : [cut.map((text) => wrapped(text, columns)).join('\n')]),
    ...(advice === undefined ? [] : [wrapped(advice, columns)]),
    ...(client === undefined ? [] : [clientText(client, colours, columns)]),
    ...(crash === undefined ? [] : [crashSentence(crash)]),
    ...(Object.keys(outcomes).length === 0 ? [] : [outcomeTable(exploration, failed, options)]),
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
    clients,
    crashes,
    schedules,
    strategy,
    elapsedMs,
    stopped,
    declaredRaces = [],
  } = exploration
  const name = variant === null ? scenario : `${scenario} (${variant})`
  const of = clients === undefined ? '' : `${counted(clients, 'client')}, `
  const withCrashes = crashes === undefined ? '' : ` with a crash at ${counted(crashes, 'point')} or none`
  const count = `${of}${counted(schedules, 'schedule')}${withCrashes}`
  const given = declaredRaces.length > 0 ? 'complete, given the declared races' : 'complete'
  const how = complete ? `${given}: ${count}` : `${count}, not complete${stopped === undefined ? '' : `: ${stopped}`}`
  const bounded = boundedVerdict(exploration)
  const words = bounded === undefined ? verdictWords(verdict, colours) : colours.magenta(bounded)
  return `${colours.bold(name)}: ${words}\n${how} (${strategy}, ${elapsedMs.toFixed(0)} ms)`
}

/** Returns where the actor has crashed in the schedules that fail. */
export function crashSentence({ actor, after }: NonNullable<Exploration['crash']>): string {
  if (after === 0) return `${actor} crashes before its first access.`
  return `${actor} crashes after its ${after === 1 ? 'first access' : `first ${after} accesses`}.`
}

/** Returns the client that fails: a line for each thread with its calls. */
function clientText(client: NonNullable<Exploration['client']>, colours: Colours, columns: number | undefined): string {
  const width = Math.max(...Object.keys(client).map(({ length }) => length))
  const lines = Object.entries(client).flatMap(([thread, calls]) =>
    indented(`${thread.padEnd(width)}  ${calls.join(', ')}`, 2, columns),
  )
  return [colours.bold('The smallest client that was found to fail:'), ...lines].join('\n')
}

/** Returns a verdict in the words that every text has for it. */
export function verdictWords(verdict: ExplorationVerdict, colours: Colours): string {
  if (verdict === 'pass') return colours.green('holds')
  if (verdict === 'fail') return colours.red('fails')
  return verdict === 'error' ? colours.red('cannot be explored') : colours.magenta('inconclusive')
}

/** Returns the section on one failure. `shown`: whether an earlier section has shown the same schedule. */
export function failureReport(
  { failure, recording, command }: ShownFailure,
  options: ReportOptions,
  shown = false,
): string {
  const { columns } = options
  return [
    `${wrapped(headline(failure, options.colours.red), columns)}\n${sizeOf(failure)}${shown ? '; the same schedule as above' : ''}`,
    ...lossesOf(failure, recording, columns),
    ...(shown ? [] : [interleavingTable(recording, { ...options, inevitable: failure.inevitable?.step })]),
    ...(shown || failure.inevitable === null ? [] : [wrapped(noReturnText(failure.inevitable), columns)]),
    ...detailsOf(failure, recording, columns),
    ...(shown ? [] : [`token: ${failure.token}\nreplay: ${command}`]),
  ].join('\n\n')
}

/**
 * Returns the first line on a failure, with its kind painted. It has the key of a forbidden outcome, so that it can be found in
 * the outcome table.
 */
export function headline({ kind, message, outcome }: Failure, paint: (text: string) => string): string {
  const isNamed = kind !== 'outcome' || outcome === null || message.includes(outcome)
  return `${paint(kind)}${isNamed ? '' : ` ${outcome}`}: ${message}`
}

/** Returns how long a failing schedule is, and whether a shorter one may exist. */
export function sizeOf({ steps, preemptions, minimal }: Failure): string {
  return `${counted(steps, 'step')}, ${counted(preemptions, 'preemption')}: the fewest${minimal ? '' : ' found'}`
}

/** Returns a sentence on the step of no return. */
export function noReturnText({ step, continuations: { holding, failing } }: Inevitable): string {
  if (step === 0) return 'Every schedule fails, in one way or another.'
  const all = holding + failing
  return `From step ${step} on, every schedule fails. Before it, ${holding.toLocaleString('en-US')} of ${counted(all, 'continuation')} ${holding === 1 ? 'holds' : 'hold'}.`
}

function lossesOf(failure: Failure, recording: Recording, columns: number | undefined): string[] {
  const lost = lossesIn(failure, recording)
  return lost.length === 0 ? [] : [lost.map((each) => wrapped(each, columns)).join('\n')]
}

/** Returns the lost updates of the schedule, a sentence each: a summary of what the table shows in full. */
export function lossesIn({ kind }: Failure, recording: Recording): string[] {
  const isWrong = kind === 'outcome' || kind === 'invariant' || kind === 'not-linearizable'
  return isWrong ? lostUpdates(recording) : []
}

/** Returns where actors are stuck, what they threw, or which accesses race, if that is the failure. */
export function detailsOf(
  { kind, message, otherRaces = [] }: Failure,
  recording: Recording,
  columns: number | undefined,
): string[] {
  if (kind === 'deadlock' || kind === 'livelock') return [stuckReport(recording, columns)]
  if (kind === 'exception') return [exceptionReport(recording, message, columns)]
  return kind === 'data-race' ? [raceReport(recording, message, otherRaces, columns)] : []
}
