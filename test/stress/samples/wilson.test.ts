import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { wilson } from '../../../src/stress/samples/wilson.ts'

// The intervals of method 3 in table I of R. Newcombe, "Two-sided confidence intervals for the single proportion", 1998.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('%i of %i has the published interval', (count, total, low, high) => {
  const found = wilson(count, total)
  expect(found.share).toBe(count / total)
  expect(found.low).toBeCloseTo(low, 4)
  expect(found.high).toBeCloseTo(high, 4)
})

test('nothing of nothing can be any share', () => {
  expect(wilson(0, 0)).toEqual({ share: 0, low: 0, high: 1 })
})

property.prop([fc.nat(1_000_000), fc.nat(1_000_000)])(
  'the share lies in its interval, and that in 0 to 1',
  (one, other) => {
    const [count, total] = [Math.min(one, other), Math.max(one, other, 1)]
    const { share, low, high } = wilson(count, total)
    expect(0 <= low && low <= share && share <= high && high <= 1).toBe(true)
    // All but the interval of a share of 0 or 1 is open on both sides.
    expect(low === share).toBe(count === 0)
    expect(high === share).toBe(count === total)
  },
)
