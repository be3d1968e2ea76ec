/** A team for as long as some work takes: its threads end with the work, whatever ends it. */
import { Team } from './team.ts'

export interface TeamOptions {
  readonly size: number
  /** Ends the work: `withTeam` rejects with the signal's reason once the threads have ended. */
  readonly signal: AbortSignal
  /** The threads' file, if it is not the lab's own. */
  readonly file?: string
}

/** Starts a team, calls `work` with it, and returns what the work resolves to. Throws as `Team.start` and `work` do. */
export async function withTeam<Result>(
  { size, signal, file }: TeamOptions,
  work: (team: Team) => Promise<Result>,
): Promise<Result> {
  const starting = Team.start(size, file)
  try {
    return await unlessAborted(
      signal,
      starting.then((team) => work(team)),
    )
  } finally {
    // Aborted while the threads start, it waits for them: Team.start says why.
    await (await starting).close()
  }
}

/** Resolves as `work` does, or rejects with the signal's reason as soon as it is aborted. */
export function unlessAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  const listening = new AbortController()
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { signal: listening.signal })
  })
  return Promise.race([work, aborted]).finally(() => listening.abort())
}
