/** The job of `lab replay`, in the explorer's process. */
import { nameOf } from '../../../explore/document.ts'
import { replay } from '../../../explore/replay/replay.ts'
import { replayOnThreads } from '../../../explore/replay/threads.ts'
import { decodeToken } from '../../../explore/replay/token.ts'
import { NoScenarioError } from '../subject.ts'
import { withSubjects } from '../subjects.ts'
import type { Subject } from '../subject.ts'
import { post } from './channel.ts'
import type { ReplayJob } from './messages.ts'

/**
 * Replays the token and posts the result. `worker` is the file of the replay's threads. `onLoaded` is called once the
 * scenario is loaded.
 */
export async function replayJob(job: ReplayJob, worker: string, onLoaded: () => void): Promise<void> {
  const { token, file, flags } = job
  const { subject } = decodeToken(token)
  const show = (found: Subject): Promise<void> => {
    onLoaded()
    return replaySubject(found, job, worker)
  }
  if (file !== undefined) return withSubjects(file, flags.variant, ([found]) => show(found!))
  if (subject === '')
    throw new NoScenarioError('The token does not name a bug of the lab: give the file of its scenario as well.')
  // Only a token of a bug loads the bugs.
  const { subjectOfId } = await import('../bug-subjects.ts')
  return show(subjectOfId(subject))
}

async function replaySubject(subject: Subject, { token, flags }: ReplayJob, worker: string): Promise<void> {
  const { scenario, variant, source } = subject
  const title = variant === null ? nameOf(scenario) : `${nameOf(scenario)} (${variant})`
  // The explorer's run records the line of each access. On threads that would change the order of the accesses.
  const replayed = replay(scenario, token)
  const threads = flags.on === 'threads' ? await replayOnThreads(scenario, token, { worker, source }) : undefined
  post({ kind: 'replayed', replayed: { title, replay: replayed, ...(threads === undefined ? {} : { threads }) } })
}
