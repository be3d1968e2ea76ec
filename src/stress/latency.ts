/**
 * Latencies of operations, in shared memory: one row of buckets for each worker, so that no worker waits to record one, and that
 * what a worker recorded is kept if it dies.
 *
 * Up to 255 nanoseconds each has a bucket of its own. From there on an octave has 128 buckets, so a percentile is exact to 0.8 %.
 * After the log-linear buckets of G. Tene's HdrHistogram.
 */
import { sumOf } from './load.ts'

/** The latencies that 50, 95 and 99 % of the operations did not exceed, in microseconds. */
export interface Percentiles {
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

const PER_OCTAVE = 128
/** The last octave begins at 2^40 nanoseconds: 18 minutes. Longer latencies are counted in its last bucket. */
const BUCKETS = (40 - Math.log2(PER_OCTAVE)) * PER_OCTAVE + 2 * PER_OCTAVE

/** Allocates memory for the latencies of all workers: 18 KB for each. */
export function allocateLatencies(workers: number): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * BUCKETS * workers)
}

/** Returns a function that records a latency of this worker, given in milliseconds. */
export function latencyRecorder(memory: SharedArrayBuffer, worker: number): (milliseconds: number) => void {
  const counts = new Uint32Array(memory, 4 * BUCKETS * worker, BUCKETS)
  return (milliseconds) => {
    counts[bucketOf(milliseconds * 1e6)]!++
  }
}

/** Returns the percentiles of all latencies that were recorded; 0 for each if there are none. */
export function latencyOf(memory: SharedArrayBuffer): Percentiles {
  const counts = bucketsOf(memory)
  const all = countedIn(counts)
  const microseconds = (percent: number): number => percentileIn(counts, (all * percent) / 100) / 1000
  return { p50: microseconds(50), p95: microseconds(95), p99: microseconds(99) }
}

/** Returns how many latencies were recorded. */
export function latenciesIn(memory: SharedArrayBuffer): number {
  return countedIn(bucketsOf(memory))
}

function bucketOf(nanoseconds: number): number {
  const octave = Math.max(0, Math.floor(Math.log2(nanoseconds / PER_OCTAVE)))
  return Math.min(BUCKETS - 1, octave * PER_OCTAVE + Math.floor(nanoseconds / 2 ** octave))
}

/** Returns the longest latency that is counted in a bucket, in nanoseconds. */
function longestIn(bucket: number): number {
  const octave = Math.max(0, Math.floor(bucket / PER_OCTAVE) - 1)
  return (bucket - octave * PER_OCTAVE + 1) * 2 ** octave - 1
}

/** Returns the buckets of all workers together. */
function bucketsOf(memory: SharedArrayBuffer): number[] {
  const rows = new Uint32Array(memory)
  const workers = Array.from({ length: rows.length / BUCKETS }, (_, worker) => worker)
  return Array.from({ length: BUCKETS }, (_, bucket) => sumOf(workers, (worker) => rows[worker * BUCKETS + bucket]!))
}

function countedIn(counts: readonly number[]): number {
  return sumOf(counts, (count) => count)
}

/** Returns the latency that `rank` of the operations did not exceed. */
function percentileIn(counts: readonly number[], rank: number): number {
  let seen = 0
  const bucket = counts.findIndex((count) => count > 0 && (seen += count) >= rank)
  return bucket < 0 ? 0 : longestIn(bucket)
}
