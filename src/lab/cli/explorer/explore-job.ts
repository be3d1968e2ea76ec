/** The job of `lab explore`, in the explorer's process. */
import { nativeAtomics, nativeNow } from '../../../explore/model/native.ts'
import { nameOf } from '../../../explore/document.ts'
import { explore, exploreTogether } from '../../../explore/explore.ts'
import type { HelpersFor } from '../../../explore/explore.ts'
import { lateWork } from '../../../explore/run/late-turns.ts'
import { counted } from '../../../terminal/wrapped.ts'
import { boundsOf } from '../../../explore/search/options.ts'
import type { ExploreOptions, Progress } from '../../../explore/search/options.ts'
import { NO_HELPERS } from '../../../explore/search/parts/helpers.ts'
import { Refusal } from '../../../explore/model/refusal.ts'
import { replay } from '../../../explore/replay/replay.ts'
import { cutShort } from '../../../explore/search/result.ts'
import type { Exploration } from '../../../explore/search/result.ts'
import type { ExploreFlags } from '../flags.ts'
import { withSubjects } from '../subjects.ts'
import type { Subject } from '../subject.ts'
import { post } from './channel.ts'
import type { ProofStore } from '../../../explore/contracts/covering.ts'
import { INTERRUPTED, gaveUpAfter } from './endings.ts'
import type { ExploreJob, RecordedFailure } from './messages.ts'
import { proofsBeside } from './proofs.ts'
import { SearchThreads } from './search-threads.ts'
import { exploreSeeds } from './seeds.ts'

/** How many schedules PCT tries after a reduction that did not end in time. */
const SECOND_LOOK = 500
/** Seconds that are kept for these schedules, but no larger share of the time than this. */
const SECOND_LOOK_SECONDS = 2
const SECOND_LOOK_SHARE = 0.1

/**
 * Explores the target's scenarios and posts their results. The search ends when the first word of `stop` becomes 1.
 * `file`: what the threads run that help. `onLoaded` is called once the target is loaded.
 */
export async function exploreJob(job: ExploreJob, stop: Int32Array, file: string, onLoaded: () => void): Promise<void> {
  let began = nativeNow()
  await withSubjects(job.target, job.flags.variant, async (subjects) => {
    onLoaded()
    for (const [index, subject] of subjects.entries()) {
      if (index < job.from) continue
      const exploration = emptyExploration(subject, job.flags)
      const { sound } = subject
      post({
        kind: 'began',
        started: { index, count: subjects.length, exploration, ...(sound === undefined ? {} : { sound }) },
      })
      await exploreOne(subject, job, { stop, file }, began)
      began = nativeNow()
    }
  })
}

/** What all explorations of a process share. */
interface Shared {
  /** The first word becomes 1 when the search must end. */
  readonly stop: Int32Array
  /** What the threads run that help. */
  readonly file: string
}

async function exploreOne(subject: Subject, job: ExploreJob, shared: Shared, began: number): Promise<void> {
  const { seed: first = 1, seeds = 1 } = job.flags
  const found = exploreSeeds(first, seeds, (seed) =>
    exploreSubject(subject, { ...job, flags: { ...job.flags, seed } }, shared, began),
  )
  post({ kind: 'ended', exploration: found })
  // Before the turns of the event loop, in which a timer of the file may end the process.
  post({ kind: 'recorded', failures: found.failures.map((each) => recorded(subject, each, found.contracts)) })
  const late = await lateWork()
  const exploration =
    late === undefined || found.verdict === 'error'
      ? found
      : cutShort(found, { error: { code: new Refusal('').code, message: late } })
  post({ kind: 'explored', exploration })
}

/**
 * Explores one scenario. If the reduction does not end in time, it has seen only one corner of the space of schedules. Then PCT
 * tries some schedules as well, unless the user chose a strategy or a bound: it finds most bugs within a few schedules. Its
 * result counts only if it finds a failure.
 */
function exploreSubject(subject: Subject, job: ExploreJob, { stop, file }: Shared, began: number): Exploration {
  const { flags, timeout } = job
  const searching = nativeNow()
  let timeIsUp = false
  const proofs = proofsOf(subject, job)
  const options = { ...optionsFor(subject, flags, timeout), ...(proofs === undefined ? {} : { proofs }) }
  const chosen = flags.strategy !== undefined || flags.preemptions !== undefined || flags.maxSchedules !== undefined
  const pulse = (share: number) => (progress: Progress) => {
    post({ kind: 'progress', exploration: progress.exploration, deepest: progress.deepest })
    if (nativeAtomics.load(stop, 0) === 1) return INTERRUPTED
    timeIsUp = nativeNow() - began > 1000 * timeout * share
    return timeIsUp ? gaveUpAfter(nativeNow() - began) : undefined
  }
  const helpersFor: HelpersFor = (...how) =>
    job.workers === 1 ? NO_HELPERS : new SearchThreads(job.workers - 1, file, subject.source, ...how)
  const kept = chosen ? 0 : Math.min(SECOND_LOOK_SHARE, SECOND_LOOK_SECONDS / timeout)
  const whole: ExploreOptions = { ...options, onProgress: pulse(1 - kept) }
  const first = exploreTogether(subject.scenario, whole, helpersFor)
  if (first.verdict !== 'inconclusive' || chosen || nativeAtomics.load(stop, 0) === 1) return first
  const firstTimeIsUp = timeIsUp
  const second: ExploreOptions = { ...options, strategy: 'pct', maxSchedules: SECOND_LOOK, onProgress: pulse(1) }
  const drawn = explore(subject.scenario, second)
  // The second look belongs to the time that the result states.
  const elapsedMs = Math.round((nativeNow() - searching) * 1000) / 1000
  if (drawn.verdict === 'fail') return { ...drawn, elapsedMs }
  if (!firstTimeIsUp) return { ...first, elapsedMs }
  const tried = counted(drawn.schedules, 'schedule')
  return {
    ...first,
    elapsedMs,
    stopped: `${gaveUpAfter(nativeNow() - began)}; ${tried} of pct found no failure either`,
  }
}

/** Returns the proofs beside the scenario's file; undefined for a bug, whose contracts are racelab's own. */
function proofsOf({ source, variant }: Subject, { target, flags }: ExploreJob): ProofStore | undefined {
  return source.kind === 'file' ? proofsBeside(target, variant ?? 'default', flags.prove === true) : undefined
}

function optionsFor({ id, variant }: Subject, flags: ExploreFlags, timeout: number): ExploreOptions {
  const { strategy, preemptions, maxSchedules, maxSteps, spinRounds, seed, criterion, allFailures, races, inside } =
    flags
  const bounds = { strategy, preemptions, maxSchedules, maxSteps, spinRounds, seed }
  const search = { ...bounds, criterion, allFailures, dataRaces: races, inside }
  // An option that is undefined counts as left out.
  return { ...search, timeout, subject: id, variant: variant ?? undefined } as ExploreOptions
}

/** Returns the result as it is before the first schedule. */
function emptyExploration({ scenario, variant }: Subject, flags: ExploreFlags): Exploration {
  return {
    schema: 1,
    scenario: nameOf(scenario),
    variant,
    strategy: boundsOf(flags).strategy,
    verdict: 'inconclusive',
    complete: false,
    completeUpTo: null,
    estimate: null,
    schedules: 0,
    outcomes: {},
    failures: [],
    elapsedMs: 0,
  }
}

function recorded(
  { scenario }: Subject,
  failure: RecordedFailure['failure'],
  contracts: Exploration['contracts'] = [],
): RecordedFailure {
  const replayed = replay(scenario, failure.token, { contracts })
  // The token was made just now, in this process, from the same functions. A difference is the scenario's fault.
  if (replayed.kind === 'diverged') throw new Refusal(`The scenario changes as it runs: ${replayed.divergence.message}`)
  return { failure, recording: replayed.recording }
}
