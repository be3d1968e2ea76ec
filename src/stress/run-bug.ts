/** Runs a bug: each variant on real threads, then the witness in a short run of its own; the result is data. */
import type { Bug, Variant } from '../bugs/bug.ts'
import type { DatabaseKind, Setting, Step } from '../load.ts'
import { type Gap, parseGap } from './gap.ts'
import type { Run, Team } from './team.ts'

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
  readonly metrics: Readonly<Record<string, number>>
}

export interface BugResult {
  readonly bug: string
  readonly workers: number
  /** On how many distinct threads it ran. */
  readonly threads: number
  readonly variants: readonly VariantResult[]
  /** The steps of one failure that was recorded in this very run; null if none was. */
  readonly witness: { readonly variant: string; readonly steps: readonly Step[] } | null
  readonly elapsedMs: number
}

export interface BugOptions {
  /** Only these variants; all if left out. */
  readonly variants?: readonly Variant[]
  /** Operations per worker; the load's own number if left out. */
  readonly iterations?: number | undefined
  readonly workers: number
  readonly gap: Gap
  readonly seed: number
  readonly database: DatabaseKind
  /** Called before each part of the run, with what it is. */
  readonly onProgress?: (doing: string) => void
}

export async function runBug(team: Team, bug: Bug, options: BugOptions): Promise<BugResult> {
  const began = performance.now()
  const { variants = bug.variants, workers, gap, seed, database, onProgress } = options
  const setting: Omit<Setting, 'variant'> = {
    workers,
    seed,
    database,
    iterations: options.iterations ?? bug.load.iterations,
  }
  const results: VariantResult[] = []
  let threads = 0
  for (const variant of variants) {
    onProgress?.(`${bug.name}: ${variant.name} (${results.length + 1} of ${variants.length})`)
    const run = await team.run({ bug: bug.name, load: bug.load, gap, setting: { ...setting, variant: variant.name } })
    threads = Math.max(threads, run.threads)
    results.push(resultOf(variant, run))
  }
  onProgress?.(`${bug.name}: recording a witness`)
  const witness = await findWitness(team, bug, variants, { ...setting, variant: bug.witness.variant })
  return { bug: bug.name, workers, threads, variants: results, witness, elapsedMs: performance.now() - began }
}

function resultOf(
  { name, sound }: Variant,
  { total, opsPerSecond, latencyMicroseconds, pauses, operations }: Run,
): VariantResult {
  return {
    variant: name,
    sound,
    verdict: verdictOf(sound, total.violations),
    violations: total.violations,
    expected: total.expected,
    actual: total.actual,
    opsPerSecond,
    latencyMicroseconds,
    metrics: { ...total.metrics, retries: Math.max(0, pauses - operations) },
  }
}

function verdictOf(sound: boolean, violations: number): Verdict {
  if (sound) return violations === 0 ? 'held' : 'failed'
  return violations === 0 ? 'inconclusive' : 'broke'
}

/** Two workers, few operations, a pause in each: wide enough to fail, short enough to be read. */
const WITNESS_GAP = parseGap('sleep:0.05')

async function findWitness(
  team: Team,
  bug: Bug,
  variants: readonly Variant[],
  setting: Setting,
): Promise<BugResult['witness']> {
  const { variant, iterations, find } = bug.witness
  if (team.size < 2 || !variants.some(({ name }) => name === variant)) return null
  const watched = { ...setting, workers: 2, iterations }
  const { steps } = await team.run({ bug: bug.name, load: bug.load, gap: WITNESS_GAP, setting: watched, watched: true })
  const failure = find(steps)
  return failure === undefined ? null : { variant, steps: failure }
}
