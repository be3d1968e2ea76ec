/** Runs the thread of the bench `fuzz` under a watch-dog, which ends it when a call takes too long. */
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { bundle } from '../../src/stress/worker-file.ts'
import { Word, noCalls } from './fuzz-report.ts'
import type { Calls, FuzzReport, FuzzThreadData } from './fuzz-report.ts'

/** What was seen of all memories. */
export interface Fuzzed extends Calls {
  memories: number
  /** The calls that did not end in time, each with the seed of its memory and its number among the calls on it. */
  readonly hangs: string[]
  /** The longest call that ended, in milliseconds, and its name. */
  longest: FuzzReport['longest']
  /** By how many bytes the thread's memory grew in one call, at most, and the name of the call. */
  largestGrowth: FuzzReport['largestGrowth']
}

/** Milliseconds after which a call hangs. */
const MOST_MS = 1000
const LOOK_EVERY_MS = 50

export interface FuzzOptions {
  readonly memories: number
  readonly firstSeed: number
  readonly onProgress: (memories: number) => void
}

/** Calls every method on each memory. Rejects with what `onProgress` throws, or if the thread ends by itself. */
export async function fuzz({ memories, firstSeed, onProgress }: FuzzOptions): Promise<Fuzzed> {
  const seen: Fuzzed = { ...noCalls(), memories: 0, hangs: [], longest: [0, ''], largestGrowth: [0, ''] }
  const file = await bundle(fileURLToPath(new URL('fuzz-thread.ts', import.meta.url)))
  const end = firstSeed + memories
  for (let from = firstSeed; from < end;) {
    const hung = await untilHanging(file, { from, end }, (report) => {
      add(seen, report)
      onProgress(seen.memories)
    })
    if (hung === undefined) break
    seen.hangs.push(hung.what)
    seen.memories++
    from = hung.seed + 1
  }
  return seen
}

/** Runs a thread until it has used up its seeds, or until a call hangs; returns which. */
async function untilHanging(
  file: string,
  { from, end }: Pick<FuzzThreadData, 'from' | 'end'>,
  onReport: (report: FuzzReport) => void,
): Promise<{ seed: number; what: string } | undefined> {
  const progress = new Int32Array(new SharedArrayBuffer(12))
  const worker = new Worker(file, { workerData: { progress, from, end } satisfies FuzzThreadData, execArgv: [] })
  const exit = once(worker, 'exit')
  let failure: unknown
  let reported = from
  worker.on('message', (report: FuzzReport) => {
    reported = report.seed + 1
    try {
      onReport(report)
    } catch (stopped) {
      failure ??= stopped
    }
  })
  try {
    for (let watched = watchedNow(progress); ;) {
      const isOver = await Promise.race([
        exit.then(() => true),
        new Promise<false>((go) => setTimeout(go, LOOK_EVERY_MS, false)),
      ])
      if (failure !== undefined) throw failure
      if (isOver) {
        if (reported < end) throw new Error(`The thread ended at the memory of seed ${reported}`)
        return undefined
      }
      const now = watchedNow(progress)
      if (now.calls !== watched.calls || !now.isInside) watched = now
      else if (now.at - watched.at > MOST_MS) return { seed: now.seed, what: `seed ${now.seed}, call ${now.calls}` }
    }
  } finally {
    await worker.terminate()
  }
}

function watchedNow(progress: Int32Array) {
  return {
    calls: Atomics.load(progress, Word.CALLS),
    seed: Atomics.load(progress, Word.SEED),
    isInside: Atomics.load(progress, Word.INSIDE) === 1,
    at: performance.now(),
  }
}

function add(seen: Fuzzed, report: FuzzReport): void {
  seen.memories++
  seen.calls += report.calls
  seen.results += report.results
  for (const [name, count] of Object.entries(report.errors)) seen.errors[name] = (seen.errors[name] ?? 0) + count
  seen.unnamed.push(...report.unnamed.map((failure) => `seed ${report.seed}: ${failure}`))
  if (report.longest[0] > seen.longest[0]) seen.longest = report.longest
  if (report.largestGrowth[0] > seen.largestGrowth[0]) seen.largestGrowth = report.largestGrowth
}
