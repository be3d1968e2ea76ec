/** The timeout of a competitor: one that hangs or ends loses its row, and the other competitors go on. */
import { RacelabError } from '../../src/errors.ts'

export class CompetitorFailedError extends RacelabError {
  readonly code = 'ERR_RACELAB_COMPETITOR_FAILED'
}

/** Milliseconds on top of the time of a turn: to start, to finish the last batch, to check a million sessions. */
const EXTRA_MILLISECONDS = 60_000

/** Resolves to the result of `work`. Rejects with CompetitorFailedError when it takes longer than `milliseconds` and the extra time. */
export async function withTimeout<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout
  const late = new Promise<never>((_, reject) => {
    const seconds = (milliseconds + EXTRA_MILLISECONDS) / 1000
    timer = setTimeout(() => reject(new CompetitorFailedError(`no answer within ${seconds} s`)), seconds * 1000)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
