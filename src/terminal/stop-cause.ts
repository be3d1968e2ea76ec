/** The causes that stop the command before its work is done, and their exit codes. */
import { RacelabError } from '../errors.ts'
import { ExitCode } from './exit-code.ts'

const EXIT_CODES = {
  SIGHUP: ExitCode.HUNG_UP,
  SIGINT: ExitCode.INTERRUPTED,
  SIGTERM: ExitCode.TERMINATED,
  'closed pipe': ExitCode.CLOSED_PIPE,
  'full disk': ExitCode.UNWRITTEN,
} as const

export type StopCause = keyof typeof EXIT_CODES

const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const

type Stop = (cause: StopCause) => void
const listening = new Set<Stop>()

/** Calls `stop` for each cause, instead of ending the process, until the returned function is called. */
export function onStop(stop: Stop): () => void {
  const handlers = SIGNALS.map((signal) => [signal, () => stop(signal)] as const)
  for (const [signal, handler] of handlers) process.on(signal, handler)
  listening.add(stop)
  return () => {
    listening.delete(stop)
    for (const [signal, handler] of handlers) process.off(signal, handler)
  }
}

/** Stops the work for a cause that is not a signal. Returns whether there was any work under way. */
export function requestStop(cause: StopCause): boolean {
  const all = [...listening]
  for (const stop of all) stop(cause)
  return all.length > 0
}

/** The command was stopped before its work was done. */
export class InterruptedError extends RacelabError {
  readonly code = 'ERR_RACELAB_INTERRUPTED'
  readonly exitCode: ExitCode
  readonly stopCause: StopCause
  /** Whether no message is needed: for a closed pipe there is no reader, and for a full disk the message is printed already. */
  readonly isReported: boolean

  constructor(cause: StopCause, what: string) {
    super(`Interrupted. ${what}`)
    this.stopCause = cause
    this.exitCode = EXIT_CODES[cause]
    this.isReported = !SIGNALS.some((signal) => signal === cause)
  }
}
