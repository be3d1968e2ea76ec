/** Gives some work a team whose threads end with the work, also if the work fails or is aborted. */
import { Team } from './team.ts'

export interface TeamOptions {
  readonly size: number
  /** Aborting it ends the work: `withTeam` rejects with the signal's reason once the threads have ended. */
  readonly signal: AbortSignal
  /** The path of the threads' file. */
  readonly file: string
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
      starting.then((team) => {
        signal.throwIfAborted()
        return work(team)
      }),
    )
  } finally {
    // If it is aborted while the threads start, it waits for them. `Team.#ready` says why.
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
