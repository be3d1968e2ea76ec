/**
 * Explores a target's scenarios one after the other. If a scenario's process had to be ended, a new process goes on with
 * the next one.
 */
import { cutShort } from '../../../explore/search/result.ts'
import type { Exploration } from '../../../explore/search/result.ts'
import { onStop } from '../../../terminal/stop-cause.ts'
import type { StopCause } from '../../../terminal/stop-cause.ts'
import { EXIT_CODE, INTERRUPTED, bound, errorOf, failureOf, restless } from './endings.ts'
import type { Limits } from './endings.ts'
import type { StartedScenario, ExploreJob, Message, RecordedFailure } from './messages.ts'
import { runJob } from './run-job.ts'
import type { JobEnd } from './run-job.ts'

/** The result of one scenario. */
export interface Explored {
  readonly exploration: Exploration
  /** The failures whose schedules were run again, with their recordings. */
  readonly failures: readonly RecordedFailure[]
  /** Whether the variant is declared sound; undefined for a file, which declares nothing. */
  readonly sound: boolean | undefined
  /** Whether a signal, or an output that cannot be written, ended the exploration. */
  readonly interrupted: boolean
}

export interface ExploringOptions {
  /** The limit of the process's memory, in MiB. */
  readonly memory: number
  readonly onProgress: (exploration: Exploration, deepest: number) => void
  readonly onExplored: (explored: Explored) => void
}

/**
 * Explores all scenarios; returns how many there are, and the cause if the exploration was stopped early. Throws
 * GaveUpError, NoResultError or InterruptedError if no scenario was started.
 */
export async function exploreInProcess(
  job: Omit<ExploreJob, 'kind' | 'from'>,
  options: ExploringOptions,
): Promise<{ count: number; cause: StopCause | undefined }> {
  // A process listens only while it runs, and a cause may come between two of them.
  let stopped: StopCause | undefined
  const offStop = onStop((cause) => (stopped = cause))
  try {
    let known: number | undefined
    for (let from = 0; ;) {
      const { end, started } = await exploreFrom({ kind: 'explore', ...job, from }, options)
      const count = started?.count ?? known
      if (count === undefined || (started === undefined && end.kind !== 'stopped'))
        throw failureOf(end, { ...options, timeout: job.timeout }, `${job.target} was not loaded`)
      if (end.kind === 'stopped') return { count, cause: end.cause }
      from = started!.index + 1
      if (from === count || stopped !== undefined) return { count, cause: from === count ? undefined : stopped }
      known = count
    }
  } finally {
    offStop()
  }
}

/** Explores in one process, until all is done or the process ends. A scenario that was under way then also gets a result. */
async function exploreFrom(
  job: ExploreJob,
  options: ExploringOptions,
): Promise<{ end: JobEnd; started: StartedScenario | undefined }> {
  let started: StartedScenario | undefined
  let latest: Exploration | undefined
  let failures: readonly RecordedFailure[] | undefined
  let began = 0
  const onMessage = (message: Message): void => {
    if (message.kind === 'began') {
      started = message.started
      latest = started.exploration
      failures = undefined
      began = performance.now()
      options.onProgress(latest, 0)
    } else if (message.kind === 'progress') {
      latest = message.exploration
      options.onProgress(latest, message.deepest)
    } else if (message.kind === 'ended') latest = message.exploration
    else if (message.kind === 'recorded') failures = message.failures
    else if (message.kind === 'explored') {
      latest = undefined
      const { exploration } = message
      if (isEmpty(exploration)) return
      options.onExplored({
        exploration,
        failures: failures ?? [],
        sound: started?.sound,
        interrupted: exploration.stopped === INTERRUPTED,
      })
    }
  }
  const end = await runJob(job, { timeout: job.timeout, memory: options.memory, onMessage })
  if (latest !== undefined) {
    const elapsedMs = Math.round(performance.now() - began)
    const limits = { timeout: job.timeout, memory: options.memory }
    const exploration =
      failures === undefined ? endedEarly({ ...latest, elapsedMs }, end, limits) : endedAfterwards(latest, end, limits)
    if (!isEmpty(exploration))
      options.onExplored({
        exploration,
        failures: failures ?? [],
        sound: started?.sound,
        interrupted: end.kind === 'stopped',
      })
  }
  return { end, started }
}

/** Whether a signal ended the exploration before its first schedule. Such a result shows nothing. */
function isEmpty({ stopped, schedules, verdict }: Exploration): boolean {
  return stopped === INTERRUPTED && schedules === 0 && verdict === 'inconclusive'
}

/**
 * Returns the result of a scenario whose process ended after it was explored, while the next turns of the event loop were
 * watched. A timer of the file cannot undo a failure, and may call process.exit: the process would have ended anyway. Any
 * other end leaves open whether an actor left work behind, so a pass becomes inconclusive or an error.
 */
function endedAfterwards(found: Exploration, end: JobEnd, limits: Limits): Exploration {
  if (end.kind === 'refused' && end.code === EXIT_CODE) return found
  if (found.verdict !== 'fail')
    return end.kind === 'time'
      ? cutShort(found, { stopped: restless(end.whereabouts) })
      : endedEarly(found, end, limits)
  return end.kind === 'refused' ? { ...found, note: end.message } : found
}

/** Returns the result of a scenario whose process ended before it was explored. */
function endedEarly(latest: Exploration, end: JobEnd, limits: Limits): Exploration {
  const stopped = bound(end, limits)
  return cutShort(latest, stopped === undefined ? { error: errorOf(end) } : { stopped })
}
