import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allocateLatencies, latenciesIn, latencyOf, latencyRecorder } from '../../src/stress/latency.ts'

test('the percentiles of no latencies are 0', () => {
  expect(latencyOf(allocateLatencies(2))).toEqual({ p50: 0, p95: 0, p99: 0 })
})

test('a percentile is the latency that so many operations did not exceed, of all workers together', () => {
  const memory = allocateLatencies(2)
  // 1 to 50 nanoseconds by one worker, and 51 to 100 by the other: each has a bucket of its own.
  for (let nanoseconds = 1; nanoseconds <= 100; nanoseconds++)
    latencyRecorder(memory, nanoseconds <= 50 ? 0 : 1)((nanoseconds + 0.5) / 1e6)
  expect(latencyOf(memory)).toEqual({ p50: 0.05, p95: 0.095, p99: 0.099 })
  expect(latenciesIn(memory)).toBe(100)
})

test('a latency is found again to 0.8 %, from a nanosecond to 18 minutes', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 2 ** 40, noNaN: true }), (nanoseconds) => {
      const memory = allocateLatencies(1)
      latencyRecorder(memory, 0)(nanoseconds / 1e6)
      const found = latencyOf(memory).p50 * 1000
      expect(found).toBeGreaterThanOrEqual(Math.floor(nanoseconds * 0.999))
      expect(found).toBeLessThanOrEqual(nanoseconds * 1.008)
    }),
  )
})

test('a latency beyond 2^41 nanoseconds is counted as the longest', () => {
  const memory = allocateLatencies(1)
  latencyRecorder(memory, 0)(1e12)
  expect(latencyOf(memory).p50).toBe((2 ** 41 - 1) / 1000)
})
