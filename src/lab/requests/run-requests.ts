/** Runs the express-session lesson: each variant behind a real server, then the witness. The result is data, as of any bug. */
import { createHistogram } from 'node:perf_hooks'
import type { Lesson, Variant } from '../lessons/bug.ts'
import type { Total } from '../../stress/load.ts'
import { type BugResult, type RecordedWitness, type VariantResult, resultOf } from '../run-bug.ts'
import { Customer, type Left, type Measure } from './customer.ts'
import { type Packages, loadPackages } from './packages.ts'
import { Shop } from './shop.ts'
import { backingOf } from './stores.ts'
import { recordWitness } from './witness.ts'

export interface RequestsOptions {
  /** Only these variants; all if left out. */
  readonly variants?: readonly Variant[]
  /** How many customers are served at a time. */
  readonly workers: number
  /** How many customers there are in all: pairs of requests. */
  readonly iterations?: number | undefined
  /** Called before each part of the run, with what it is. */
  readonly onProgress?: (doing: string) => void
  /** Ends the run: what is under way fails. */
  readonly signal: AbortSignal
}

const CUSTOMERS = 100

/** Throws PackageMissingError. */
export async function runRequests(lesson: Lesson, options: RequestsOptions): Promise<BugResult> {
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
  // Requests are many at once on one thread: that of the server.
  return { bug: lesson.name, workers, threads: 1, variants: results, witness, elapsedMs: performance.now() - began }
}

async function runVariant(
  variant: Variant,
  packages: Packages,
  { workers, iterations = CUSTOMERS, signal }: RequestsOptions,
): Promise<VariantResult> {
  const latency = createHistogram()
  const measure: Measure = async (request) => {
    const began = performance.now()
    const result = await request()
    latency.record(Math.max(1, Math.round((performance.now() - began) * 1e6)))
    return result
  }
  const shop = await Shop.open(packages, backingOf(variant.name, packages, iterations), { signal })
  try {
    const began = performance.now()
    const left = await serve(iterations, workers, (index) => visit(new Customer(`customer ${index}`, shop, measure)))
    const milliseconds = performance.now() - began
    const microseconds = (percentile: number): number => latency.percentile(percentile) / 1000
    return resultOf(variant, {
      total: totalOf(left),
      milliseconds,
      opsPerSecond: (1000 * latency.count) / milliseconds,
      latencyMicroseconds: { p50: microseconds(50), p95: microseconds(95), p99: microseconds(99) },
      retries: 0,
    })
  } finally {
    shop.close()
  }
}

async function visit(customer: Customer): Promise<Left> {
  await customer.enter()
  await customer.buyTwoThings()
  await customer.buyWhileLooking()
  return customer.leave()
}

/** So many customers, of whom so many are served at a time. */
async function serve<Result>(
  count: number,
  atATime: number,
  customer: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const till = async (): Promise<void> => {
    while (next < count) results.push(await customer(next++))
  }
  await Promise.all(Array.from({ length: atATime }, till))
  return results
}

/** Expected and actual are the visits of the pairs; what became of the visit beside a reader is told by itself. */
function totalOf(left: readonly Left[]): Total {
  const had = (item: string): number => left.filter(({ basket }) => basket[item] === 'bought').length
  const besideReaders = had('soap')
  const expected = 2 * left.length
  const actual = sum(left.map(({ basket }) => basket.visits ?? 0)) - besideReaders
  const keysArrived = had('book') + had('lamp')
  const erasedByReaders = left.length - besideReaders
  const accesses = left[0]?.accesses === null ? undefined : sum(left.map((each) => each.accesses ?? 0))
  const accessesExpected = 3 * left.length
  const accessesLost = accesses === undefined ? 0 : accessesExpected - accesses
  return {
    expected,
    actual,
    violations: expected - actual + (expected - keysArrived) + erasedByReaders + accessesLost,
    metrics: {
      keysExpected: expected,
      keysArrived,
      readers: left.length,
      erasedByReaders,
      ...(accesses !== undefined && { accessesExpected, accessesArrived: accesses }),
    },
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
