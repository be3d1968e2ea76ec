/** Runs a bug: each variant on real threads, then the witness in a short run of its own; the result is data. */
import type { Bug, LessonSetting, Variant } from './lessons/bug.ts'
import type { DatabaseKind } from '../store/database/place.ts'
import type { Metrics } from '../stress/load.ts'
import type { SessionStep } from './variants/watched.ts'
import { type Gap, parseGap } from '../stress/gap.ts'
import type { Run, Team } from '../stress/team.ts'

/** `broke`: not sound, and it showed. `held`: sound, and it did. `failed`: declared sound, and it broke. */
export type Verdict = 'broke' | 'held' | 'failed' | 'inconclusive'

export interface VariantResult {
  readonly variant: string
  readonly sound: boolean
  readonly verdict: Verdict
  readonly violations: number
  readonly expected: number | null
  readonly actual: number | null
  readonly opsPerSecond: number
  readonly latencyMicroseconds: { readonly p50: number; readonly p95: number; readonly p99: number }
  readonly metrics: Metrics
}

export interface BugResult {
  readonly bug: string
  readonly workers: number
  /** On how many distinct threads it ran. */
  readonly threads: number
  readonly variants: readonly VariantResult[]
  /** One failure that was recorded in this very run; null if none was. */
  readonly witness: RecordedWitness | null
  readonly elapsedMs: number
}

export interface RecordedWitness {
  readonly variant: string
  readonly steps: readonly TimedStep[]
  /** What went wrong, in a sentence. */
  readonly told: string
}

/** A recorded step as it is shown: times and threads are counted from the first step of the failure. */
export interface TimedStep {
  readonly time: number
  /** From 1. */
  readonly thread: number
  readonly action: string
  readonly detail: string
  /** What the store held after it. */
  readonly store: string
}

export interface BugOptions {
  /** Only these variants; all if left out. */
  readonly variants?: readonly Variant[]
  readonly workers: number
  readonly seed: number
  /** Operations per worker. Left out, this, the gap and the database are the load's own. */
  readonly iterations?: number | undefined
  readonly gap?: Gap | undefined
  readonly database?: DatabaseKind | undefined
  /** Called before each part of the run, with what it is. */
  readonly onProgress?: (doing: string) => void
}

export async function runBug(team: Team, bug: Bug, options: BugOptions): Promise<BugResult> {
  const began = performance.now()
  const { variants = bug.variants, workers, seed, onProgress } = options
  const { iterations = bug.load.iterations, gap = parseGap(bug.load.gap), database = bug.load.database } = options
  const setting = { workers, seed, iterations, database }
  const results: VariantResult[] = []
  let threads = 0
  for (const variant of variants) {
    onProgress?.(`${bug.name}: ${variant.name} (${results.length + 1} of ${variants.length})`)
    const run = await team.run({ name: bug.name, load: bug.load, gap, setting: { ...setting, variant: variant.name } })
    threads = Math.max(threads, run.threads)
    results.push(resultOf(variant, run))
  }
  onProgress?.(`${bug.name}: recording a witness`)
  const witness = await recordWitness(team, bug, variants, { ...setting, variant: bug.witness.variant })
  return { bug: bug.name, workers, threads, variants: results, witness, elapsedMs: performance.now() - began }
}

/** A variant's run, and what to make of it. */
export function resultOf({ name, sound }: Variant, { total, ...run }: Omit<Run, 'threads' | 'steps'>): VariantResult {
  return {
    variant: name,
    sound,
    verdict: verdictOf(sound, total.violations),
    violations: total.violations,
    expected: total.expected,
    actual: total.actual,
    opsPerSecond: run.opsPerSecond,
    latencyMicroseconds: run.latencyMicroseconds,
    metrics: { retries: run.retries, ...total.metrics },
  }
}

function verdictOf(sound: boolean, violations: number): Verdict {
  if (sound) return violations === 0 ? 'held' : 'failed'
  return violations === 0 ? 'inconclusive' : 'broke'
}

/** Two workers, few operations, a pause in each: wide enough to fail, short enough to be read. */
const WITNESS_GAP = parseGap('sleep:0.05')
/** On a busy machine one worker may be done with its few operations before the other begins; then they do them again. */
const WITNESS_ATTEMPTS = 5

async function recordWitness(
  team: Team,
  bug: Bug,
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
    if (failure) return { variant, steps: timedSteps(bug, failure), told: bug.witness.tell(failure) }
  }
  return null
}

function timedSteps({ witness }: Bug, steps: readonly SessionStep[]): TimedStep[] {
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
