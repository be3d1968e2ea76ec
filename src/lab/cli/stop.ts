/** What can end a run before its end: Ctrl-C, a request to terminate, an output that cannot be written, or its time. */
import { RacelabError } from '../../errors.ts'
import { InterruptedError, onStop } from './stop-cause.ts'

export class TimedOutError extends RacelabError {
  readonly code = 'ERR_RACELAB_TIMED_OUT'

  constructor(seconds: number) {
    super(`Not done after ${seconds} s, and stopped. Give it more time (--timeout) or fewer iterations.`)
  }
}

/** Runs until it is done, or rejects with InterruptedError or TimedOutError as soon as one of the others happens. */
export async function untilStopped<Result>(seconds: number, work: () => Promise<Result>): Promise<Result> {
  const over = new AbortController()
  const stopped = new Promise<never>((_, reject) => {
    const { signal } = over
    const timer = setTimeout(() => reject(new TimedOutError(seconds)), seconds * 1000)
    const offStop = onStop((cause) => reject(new InterruptedError(cause, 'The worker threads are stopped.')))
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      offStop()
    })
  })
  try {
    return await Promise.race([work(), stopped])
  } finally {
    over.abort()
  }
}
