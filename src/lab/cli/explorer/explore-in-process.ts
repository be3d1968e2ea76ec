/** Explores a target's scenarios one after another, in as many processes as it takes: one that was ended is followed by another. */
import type { Exploration } from '../../../explore/search/result.ts'
import type { StopCause } from '../stop-cause.ts'
import { INTERRUPTED, type Limits, bound, errorOf, failureOf } from './endings.ts'
import type { Begun, ExploreJob, Message, RecordedFailure } from './messages.ts'
import { type JobEnd, runJob } from './run-job.ts'

export interface Explored {
  readonly exploration: Exploration
  /** Those whose schedules could be run once more. */
  readonly failures: readonly RecordedFailure[]
  readonly sound: boolean | undefined
  /** Ended by a signal, or because the output cannot be written. */
  readonly interrupted: boolean
}

export interface ExploringOptions {
  /** MiB. */
  readonly memory: number
  readonly onProgress: (exploration: Exploration, deepest: number) => void
  readonly onExplored: (explored: Explored) => void
}

/** How many scenarios there are, and what the exploration early. Throws if there was nothing to explore. */
export async function exploreInProcess(
  job: ExploreJob,
  options: ExploringOptions,
): Promise<{ count: number; cause: StopCause | undefined }> {
  for (let from = 0; ;) {
    const { end, begun } = await exploreFrom({ ...job, from }, options)
    if (begun === undefined) throw failureOf(end, { ...options, timeout: job.timeout }, `${job.target} was not loaded`)
    const { index, count } = begun
    if (end.kind === 'stopped') return { count, cause: end.cause }
    if (index + 1 === count) return { count, cause: undefined }
    from = index + 1
  }
}

/** Explores until all is done or something ends the process; then the scenario that was under way has its result as well. */
async function exploreFrom(
  job: ExploreJob,
  options: ExploringOptions,
): Promise<{ end: JobEnd; begun: Begun | undefined }> {
  let begun: Begun | undefined
  let latest: Exploration | undefined
  let began = 0
  const hear = (message: Message): void => {
    if (message.kind === 'began') {
      begun = message.begun
      latest = begun.exploration
      began = performance.now()
      options.onProgress(latest, 0)
    } else if (message.kind === 'progress') {
      latest = message.exploration
      options.onProgress(latest, message.deepest)
    } else if (message.kind === 'ended') latest = message.exploration
    else if (message.kind === 'explored') {
      latest = undefined
      const { exploration, failures } = message
      options.onExplored({
        exploration,
        failures,
        sound: begun?.sound,
        interrupted: exploration.stopped === INTERRUPTED,
      })
    }
  }
  const end = await runJob(job, { timeout: job.timeout, memory: options.memory, hear })
  if (latest !== undefined) {
    const elapsedMs = Math.round(performance.now() - began)
    const exploration = endedEarly({ ...latest, elapsedMs }, end, { timeout: job.timeout, memory: options.memory })
    options.onExplored({ exploration, failures: [], sound: begun?.sound, interrupted: end.kind === 'stopped' })
  }
  return { end, begun }
}

/** What there is to say of a scenario whose exploration was ended from outside. */
function endedEarly(latest: Exploration, end: JobEnd, limits: Limits): Exploration {
  const stopped = bound(end, limits)
  if (stopped !== undefined) return { ...latest, complete: false, stopped }
  return { ...latest, verdict: 'error', complete: false, error: errorOf(end) }
}
