/** How long a contestant is waited for: one that hangs, or dies, loses its row and nothing else. */
import { RacelabError } from '../../src/errors.ts'

export class ContestantFailedError extends RacelabError {
  readonly code = 'ERR_RACELAB_CONTESTANT_FAILED'
}

/** Beside its own time: for the last batch, for starting, for looking at a million sessions. */
const PATIENCE = 60_000

export async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout
  const late = new Promise<never>((_, reject) => {
    const seconds = (milliseconds + PATIENCE) / 1000
    timer = setTimeout(() => reject(new ContestantFailedError(`no answer within ${seconds} s`)), seconds * 1000)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
