/** Runs a lesson on real threads: each variant, and then a short run that records the witness. The result is data. */
import type { ThreadLesson, LessonSetting, Variant } from './lessons/lesson.ts'
import type { DatabaseKind } from './databases/place.ts'
import type { Percentiles } from '../stress/latency.ts'
import type { Metrics } from '../stress/load.ts'
import type { SessionStep } from './variants/watched.ts'
import { checkHistory } from './checking/check-history.ts'
import type { HistoryCheck } from './checking/check-history.ts'
import { parseGap } from '../stress/gap.ts'
import type { Gap } from '../stress/gap.ts'
import type { Run, Runner, Running } from '../stress/run-load.ts'

/**
 * The result of running a variant:
 *
 *   `broke`          declared broken, with violations
 *   `held`           declared sound, without violations
 *   `failed`         declared sound, with violations
 *   `inconclusive`   declared broken, without violations; or a bound was reached while the history was checked
 */
export type RunVerdict = 'broke' | 'held' | 'failed' | 'inconclusive'

/** The figures of one variant's run. */
export interface VariantResult {
  readonly variant: string
  readonly sound: boolean
  readonly verdict: RunVerdict
  readonly violations: number
  readonly expected: number | null
  readonly actual: number | null
  readonly opsPerSecond: number
  readonly latencyMicroseconds: Percentiles
  readonly metrics: Metrics
  /** What the check of the run's history has found; undefined if it was not checked. */
  readonly check?: HistoryCheck
}

/** The result of running a lesson; `bug` is the lesson's name. */
export interface LessonResult {
  readonly bug: string
  readonly workers: number
  /** How many distinct threads the run used. */
  readonly threads: number
  readonly variants: readonly VariantResult[]
  /** One failure that was recorded in this run; null if none was recorded. */
  readonly witness: RecordedWitness | null
  readonly elapsedMs: number
}

/** A failure as it was recorded on real threads, or by real requests. */
export interface RecordedWitness {
  readonly variant: string
  readonly steps: readonly WitnessStep[]
  /** What went wrong, in one sentence. */
  readonly told: string
}

/** A recorded step as it is shown: times are counted from 0, threads from 1, both from the failure's first step. */
export interface WitnessStep {
  readonly time: number
  readonly thread: number
  readonly action: string
  readonly detail: string
  /** What the store held after the step. */
  readonly store: string
}

export interface ThreadLessonOptions {
  /** The variants to run. Default: all of the lesson. */
  readonly variants?: readonly Variant[]
  readonly workers: number
  readonly seed: number
  /** Operations per worker. The defaults of this, the gap and the database are those of the load. */
  readonly iterations?: number | undefined
  readonly gap?: Gap | undefined
  readonly database?: DatabaseKind | undefined
  /** Whether the history of each run is checked, if the lesson has a model. Default: false. */
  readonly check?: boolean | undefined
  /** Called before each part of the run, with a text that names the part. */
  readonly onProgress?: (doing: string) => void
  /** Called when the run of a variant begins; not for the witness's run. */
  readonly onStart?: (variant: Variant, setting: LessonSetting, running: Running) => void
  /** Called with a variant's result as soon as there is one. */
  readonly onVariant?: (result: VariantResult) => void
}

/** Runs the variants one after the other on the team's threads and returns their results. Throws as `team.run` does. */
export async function runThreadLesson(
  team: Runner,
  bug: ThreadLesson,
  options: ThreadLessonOptions,
): Promise<LessonResult> {
  const began = performance.now()
  const { variants = bug.variants, workers, seed, onProgress } = options
  const { iterations = bug.load.iterations, gap = parseGap(bug.load.gap), database = bug.load.database } = options
  const setting = { workers, seed, iterations, database }
  const isChecked = options.check === true && typeof bug.history === 'object'
  const results: VariantResult[] = []
  let threads = 0
  for (const variant of variants) {
    onProgress?.(`${bug.name}: ${variant.name} (${results.length + 1} of ${variants.length})`)
    const own = { ...setting, variant: variant.name }
    const run = await team.run({
      name: bug.name,
      load: bug.load,
      gap,
      setting: own,
      onStart: (running) => options.onStart?.(variant, own, running),
      recorded: isChecked ? Math.floor(MOST_CALLS / workers) : 0,
    })
    threads = Math.max(threads, run.threads)
    const checked = typeof bug.history === 'object' && run.history && checkHistory(bug.history, run.history, workers)
    const result = resultOf(variant, run, checked || undefined)
    results.push(result)
    options.onVariant?.(result)
  }
  onProgress?.(`${bug.name}: recording a witness`)
  const witness = await recordWitness(team, bug, variants, { ...setting, variant: bug.witness.variant })
  return { bug: bug.name, workers, threads, variants: results, witness, elapsedMs: performance.now() - began }
}

/** Returns a variant's figures together with its verdict. */
export function resultOf(
  { name, sound }: Variant,
  { total, ...run }: Omit<Run, 'threads' | 'steps' | 'history'>,
  check?: HistoryCheck,
): VariantResult {
  return {
    variant: name,
    sound,
    verdict: verdictOf(sound, total.violations, check),
    violations: total.violations,
    expected: total.expected,
    actual: total.actual,
    opsPerSecond: run.opsPerSecond,
    latencyMicroseconds: run.latencyMicroseconds,
    metrics: { retries: run.retries, ...total.metrics },
    ...(check === undefined ? {} : { check }),
  }
}

function verdictOf(sound: boolean, violations: number, check: HistoryCheck | undefined): RunVerdict {
  const fails = violations > 0 || check?.verdict === 'not-linearizable'
  if (fails) return sound ? 'failed' : 'broke'
  return sound && check?.verdict !== 'unknown' ? 'held' : 'inconclusive'
}

/** How many calls of a run are recorded at most. Each takes 24 bytes. */
const MOST_CALLS = 2_000_000

/** The gap of the witness's run: long enough for the two workers to overlap even on a busy machine. */
const WITNESS_GAP = parseGap('sleep:1')
/**
 * How often the witness's run is repeated. On a busy machine one worker may finish its few operations before the other
 * begins.
 */
const WITNESS_ATTEMPTS = 5

async function recordWitness(
  team: Runner,
  bug: ThreadLesson,
  variants: readonly Variant[],
  setting: LessonSetting,
): Promise<RecordedWitness | null> {
  const { variant, iterations } = bug.witness
  if (team.size < 2 || !variants.some(({ name }) => name === variant)) return null
  const watched = { ...setting, workers: 2, iterations }
  const options = { name: bug.name, load: bug.load, gap: WITNESS_GAP, setting: watched, watched: true }
  for (let attempt = 0; attempt < WITNESS_ATTEMPTS; attempt++) {
    const { steps } = await team.run(options)
    const failure = bug.witness.find(steps)
    if (failure) return { variant, steps: witnessSteps(bug, failure), told: bug.witness.tell(failure) }
  }
  return null
}

function witnessSteps({ witness }: ThreadLesson, steps: readonly SessionStep[]): WitnessStep[] {
  const threads = [...new Set(steps.map(({ worker }) => worker))]
  const store = witness.store(steps)
  return steps.map((step, time) => ({
    time,
    thread: threads.indexOf(step.worker) + 1,
    action: step.action,
    detail: witness.detail(step),
    store: store[time]!,
  }))
}
