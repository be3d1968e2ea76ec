/** Stops a run before its work is done: on a signal, when its output cannot be written, or when its time is up. */
import { RacelabError } from '../errors.ts'
import { InterruptedError, onStop } from './stop-cause.ts'

/** The run was not done when its time was up. */
export class TimedOutError extends RacelabError {
  readonly code = 'ERR_RACELAB_TIMED_OUT'

  constructor(seconds: number) {
    super(
      `Not done after ${seconds} s: the run was stopped. Allow more time (--timeout) or fewer iterations (--iterations).`,
    )
  }
}

/**
 * Calls `work` and resolves as it does. The signal that `work` gets is aborted on a signal to the process or when the output cannot
 * be written, with InterruptedError as its reason, and after `seconds`, with TimedOutError.
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
