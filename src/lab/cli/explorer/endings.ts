/** What ended an exploration from outside, in words. */
import { RacelabError } from '../../../errors.ts'
import { InterruptedError } from '../stop-cause.ts'
import type { Place } from './messages.ts'
import type { JobEnd } from './run-job.ts'

/** Why an exploration stopped that was asked to, by a signal or the like. */
export const INTERRUPTED = 'interrupted'

/** The time or the memory was up before there was a result. */
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

export interface Limits {
  /** Seconds. */
  readonly timeout: number
  /** MiB. */
  readonly memory: number
}

/** Why an exploration is not complete that was ended from outside; undefined for what is no bound but an error. */
export function bound(end: JobEnd, { timeout, memory }: Limits): string | undefined {
  if (end.kind === 'stopped') return `${INTERRUPTED}${placeText(end.place)}`
  if (end.kind === 'time') return `gave up after ${timeout} s${placeText(end.place)}`
  const full = `gave up at ${memory} MiB of memory (--memory)`
  if (end.kind === 'memory') return `${full}${placeText(end.place)}`
  return end.kind === 'died' && end.death.outOfHeap ? full : undefined
}

/** What stood in the way, if no bound did. */
export function errorOf(end: JobEnd): { readonly code: string; readonly message: string } {
  if (end.kind === 'refused') return { code: end.code, message: end.message }
  return { code: 'ERR_RACELAB_PROCESS_ENDED', message: deathText(end) }
}

/** An end before there was any result, as what the command throws. `what` was not done. */
export function failureOf(end: JobEnd, limits: Limits, what: string): RacelabError {
  if (end.kind === 'stopped') return new InterruptedError(end.cause, `${what}.`)
  const reached = bound(end, limits)
  if (reached !== undefined) return new GaveUpError(`${what}: ${reached}.`)
  const { code, message } = errorOf(end)
  return new NoResultError(code, message)
}

function placeText({ doing, at }: Place): string {
  if (at === undefined) return doing === undefined ? '' : `, in ${doing}`
  return `: ${doing ?? 'it'} was still at ${at}`
}

function deathText(end: JobEnd): string {
  const { code = null, signal = null } = end.kind === 'died' ? end.death : {}
  const how = signal === null ? `with exit code ${code}` : `by ${signal}`
  return `The explorer’s process ended ${how}, without a word: something in the scenario’s file ended it.`
}
