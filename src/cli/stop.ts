/** What can end a run before its end: Ctrl-C, a request to terminate, or its time. */
import { RacelabError } from '../errors.ts'

export class InterruptedError extends RacelabError {
  readonly code = 'ERR_RACELAB_INTERRUPTED'

  constructor() {
    super('Interrupted. The worker threads are stopped; there is no result.')
  }
}

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
    const interrupt = (): void => reject(new InterruptedError())
    const timer = setTimeout(() => reject(new TimedOutError(seconds)), seconds * 1000)
    process.on('SIGINT', interrupt)
    process.on('SIGTERM', interrupt)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      process.off('SIGINT', interrupt)
      process.off('SIGTERM', interrupt)
    })
  })
  try {
    return await Promise.race([work(), stopped])
  } finally {
    over.abort()
  }
}
