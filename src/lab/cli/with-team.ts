/** A team for as long as the command's work takes: its threads are gone whatever ends it. */
import { Team } from '../../stress/team.ts'
import { untilStopped } from './stop.ts'

export interface TeamOptions {
  readonly size: number
  /** Seconds. */
  readonly timeout: number
  /** The threads' file, if it is not the lab's own. */
  readonly file?: string
}

/** What the work resolves to. Rejects as `untilStopped` and `Team.start` do. */
export async function withTeam<Result>(
  { size, timeout, file }: TeamOptions,
  work: (team: Team) => Promise<Result>,
): Promise<Result> {
  const gathering = Team.start(size, file)
  try {
    return await untilStopped(timeout, async () => work(await gathering))
  } finally {
    // Interrupted while the threads start, it waits for them: see Team.start.
    await (await gathering).close()
  }
}
