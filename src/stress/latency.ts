/** Latencies of operations, measured in a histogram of nanoseconds. */
import type { Histogram } from 'node:perf_hooks'

/** The latencies that 50, 95 and 99 % of the operations did not exceed, in microseconds. */
export interface Percentiles {
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** Returns the percentiles of a histogram; 0 for each if it has no values. */
export function latencyOf(histogram: Histogram): Percentiles {
  const microseconds = (percentile: number): number =>
    histogram.count === 0 ? 0 : histogram.percentile(percentile) / 1000
  return { p50: microseconds(50), p95: microseconds(95), p99: microseconds(99) }
}
