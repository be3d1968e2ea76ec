/**
 * Runs the express-session lesson: each variant on a real server, then the witness. The result is data, as of a lesson on
 * threads.
 */
import type { Lesson, Variant } from '../lessons/lesson.ts'
import { allocateLatencies, latenciesIn, latencyOf, latencyRecorder } from '../../stress/latency.ts'
import { sumOf } from '../../stress/load.ts'
import type { Total } from '../../stress/load.ts'
import { resultOf } from '../run-thread-lesson.ts'
import type { LessonResult, RecordedWitness, ThreadLessonOptions, VariantResult } from '../run-thread-lesson.ts'
import { Customer } from './customer.ts'
import type { FinalState, Measure } from './customer.ts'
import { loadPackages } from './packages.ts'
import type { Packages } from './packages.ts'
import { ShopServer } from './shop-server.ts'
import { storeSetupOf } from './store-setup.ts'
import { recordWitness } from './witness.ts'

export interface RequestsOptions extends Pick<ThreadLessonOptions, 'variants' | 'onProgress'> {
  /** How many customers are served at the same time. */
  readonly workers: number
  /** How many customers there are in all. Default 100. Each sends one pair of overlapping requests. */
  readonly iterations?: number | undefined
  /** Aborting it stops the run, which then rejects. */
  readonly signal: AbortSignal
}

const CUSTOMERS = 100

/** Runs the lesson's variants one after the other and returns their results. Throws PackageMissingError. */
export async function runRequests(lesson: Lesson, options: RequestsOptions): Promise<LessonResult> {
  const began = performance.now()
  const { variants = lesson.variants, workers, onProgress, signal } = options
  const packages = await loadPackages()
  const results: VariantResult[] = []
  for (const variant of variants) {
    onProgress?.(`${lesson.name}: ${variant.name} (${results.length + 1} of ${variants.length})`)
    results.push(await runVariant(variant, packages, options))
  }
  onProgress?.(`${lesson.name}: recording a witness`)
  const broken = variants.find(({ sound }) => !sound)
  const witness: RecordedWitness | null = broken ? await recordWitness(broken.name, packages, signal) : null
  // The server handles all requests on one thread.
  return { bug: lesson.name, workers, threads: 1, variants: results, witness, elapsedMs: performance.now() - began }
}

async function runVariant(
  variant: Variant,
  packages: Packages,
  { workers, iterations = CUSTOMERS, signal }: RequestsOptions,
): Promise<VariantResult> {
  const latencies = allocateLatencies(1)
  const recordLatency = latencyRecorder(latencies, 0)
  const measure: Measure = async (request) => {
    const began = performance.now()
    const result = await request()
    recordLatency(performance.now() - began)
    return result
  }
  const shop = await ShopServer.open(packages, storeSetupOf(variant.name, packages, iterations), { signal })
  try {
    const began = performance.now()
    const states = await serve(iterations, workers, (index) => visit(new Customer(`customer ${index}`, shop, measure)))
    const milliseconds = performance.now() - began
    return resultOf(variant, {
      total: totalOf(states),
      milliseconds,
      opsPerSecond: (1000 * latenciesIn(latencies)) / milliseconds,
      latencyMicroseconds: latencyOf(latencies),
      retries: 0,
    })
  } finally {
    shop.close()
  }
}

async function visit(customer: Customer): Promise<FinalState> {
  await customer.enter()
  await customer.buyTwoThings()
  await customer.buyWhileLooking()
  return customer.leave()
}

/** Serves `count` customers, `atATime` of them at the same time, and resolves to their results. */
async function serve<Result>(
  count: number,
  atATime: number,
  customer: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const serveUntilDone = async (): Promise<void> => {
    while (next < count) results.push(await customer(next++))
  }
  await Promise.all(Array.from({ length: atATime }, serveUntilDone))
  return results
}

/**
 * Returns the total. Expected and actual count the visits of the pairs; the visit beside a slow reader is counted as
 * erased or not.
 */
function totalOf(states: readonly FinalState[]): Total {
  const had = (item: string): number => states.filter(({ basket }) => basket[item] === 'bought').length
  const besideReaders = had('soap')
  const expected = 2 * states.length
  const actual = sumOf(states, ({ basket }) => basket.visits ?? 0) - besideReaders
  const keysArrived = had('book') + had('lamp')
  const erasedByReaders = states.length - besideReaders
  const accesses = states[0]?.accesses === null ? undefined : sumOf(states, (each) => each.accesses ?? 0)
  const accessesExpected = 3 * states.length
  const accessesLost = accesses === undefined ? 0 : accessesExpected - accesses
  return {
    expected,
    actual,
    violations: expected - actual + (expected - keysArrived) + erasedByReaders + accessesLost,
    metrics: {
      keysExpected: expected,
      keysArrived,
      readers: states.length,
      erasedByReaders,
      ...(accesses !== undefined && { accessesExpected, accessesArrived: accesses }),
    },
  }
}
