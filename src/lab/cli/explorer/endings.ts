/** Describes what ended an exploration before it was done. */
import { RacelabError } from '../../../errors.ts'
import { InterruptedError } from '../../../terminal/stop-cause.ts'
import type { Whereabouts } from './messages.ts'
import type { JobEnd } from './run-job.ts'

/** The reason that a stopped exploration gives: a signal, or an output that cannot be written. */
export const INTERRUPTED = 'interrupted'

/** The error code of a call that would end the process. */
export const EXIT_CODE = 'ERR_RACELAB_EXIT'

/** A limit of time or memory was reached before there was a result. */
export class GaveUpError extends RacelabError {
  readonly code = 'ERR_RACELAB_GAVE_UP'
}

/** The file could not be loaded, or the process ended before there was a result. */
export class NoResultError extends RacelabError {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** The limits of a job. */
export interface Limits {
  /** In seconds. */
  readonly timeout: number
  /** In MiB. */
  readonly memory: number
}

/** Returns that the exploration gave up, after this time. */
export function gaveUpAfter(ms: number): string {
  return `gave up after ${Math.round(ms / 100) / 10} s`
}

/**
 * Returns why the watch on the turns after an exploration did not end. Its time is not the time limit, so raising that would
 * not help.
 */
export function restless(whereabouts: Whereabouts): string {
  return `the file did not come to rest after the exploration${whereaboutsText(whereabouts)}`
}

/** Returns why the exploration is not complete; undefined if it ended with an error and not at a limit or by a signal. */
export function bound(end: JobEnd, { memory }: Limits): string | undefined {
  if (end.kind === 'stopped') return `${INTERRUPTED}${whereaboutsText(end.whereabouts)}`
  if (end.kind === 'time') return `${gaveUpAfter(end.ms)}${whereaboutsText(end.whereabouts)}`
  const full = `gave up at ${memory} MiB of memory (--memory)`
  if (end.kind === 'memory') return `${full}${whereaboutsText(end.whereabouts)}`
  return end.kind === 'exited' && end.exit.outOfHeap ? full : undefined
}

/** Returns the error that ended the exploration. */
export function errorOf(end: JobEnd): { readonly code: string; readonly message: string } {
  if (end.kind === 'refused') return { code: end.code, message: end.message }
  return { code: 'ERR_RACELAB_PROCESS_ENDED', message: exitText(end) }
}

/** Returns the error that the command throws if a job ended without a result. `what` says what was not done. */
export function failureOf(end: JobEnd, limits: Limits, what: string): RacelabError {
  if (end.kind === 'stopped') return new InterruptedError(end.cause, `${what}.`)
  const reached = bound(end, limits)
  if (reached !== undefined) return new GaveUpError(`${what}: ${reached}.`)
  const { code, message } = errorOf(end)
  return new NoResultError(code, message)
}

function whereaboutsText({ doing, at, unanswered }: Whereabouts): string {
  if (unanswered) return ', in a call that could not be paused to name its line'
  if (at === undefined) return doing === undefined ? '' : `, in ${doing}`
  return `: ${doing ?? 'it'} was still at ${at}`
}

function exitText(end: JobEnd): string {
  const { code = null, signal = null } = end.kind === 'exited' ? end.exit : {}
  const how = signal === null ? `with exit code ${code}` : `by ${signal}`
  return `The explorer’s process ended ${how} and without a message: something in the scenario’s file ended it.`
}
