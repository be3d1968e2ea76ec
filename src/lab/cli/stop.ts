/** What can end a run before its end: Ctrl-C, a request to terminate, an output that cannot be written, or its time. */
import { RacelabError } from '../../errors.ts'
import { InterruptedError, onStop } from './stop-cause.ts'

export class TimedOutError extends RacelabError {
  readonly code = 'ERR_RACELAB_TIMED_OUT'

  constructor(seconds: number) {
    super(`Not done after ${seconds} s, and stopped. Give it more time (--timeout) or fewer iterations.`)
  }
}

/**
 * Calls `work` with a signal that is aborted, with InterruptedError or TimedOutError as its reason, as soon as something asks
 * the command to end. Resolves as the work does.
 */
export async function untilStopped<Result>(
  seconds: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(new TimedOutError(seconds)), seconds * 1000)
  const offStop = onStop((cause) => stop.abort(new InterruptedError(cause, 'The worker threads are stopped.')))
  try {
    return await work(stop.signal)
  } finally {
    clearTimeout(timer)
    offStop()
  }
}
