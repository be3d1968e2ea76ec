import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { Pace } from '../../../src/stress/samples/pace.ts'
import type { Round } from '../../../src/stress/samples/pace.ts'

/** Makes rounds in which each sample takes `ms`, and returns them. */
function rounds(count: number, most: number, ms: (round: Round) => number): Round[] {
  const pace = new Pace(most)
  return Array.from({ length: count }, () => {
    const round = pace.next()
    const all = round.count * ms(round)
    pace.took(round, round.count, { work: all, all })
    return round
  })
}

test('the first round of each kind has one sample, because an actor may take seconds', () => {
  const all = rounds(50, 1000, () => 0.001)
  expect(all[0]).toEqual({ count: 1, spacing: 0, delay: 1 })
  expect(all.find(({ spacing }) => spacing > 0)?.count).toBe(1)
})

test('rounds of a slow actor stay small, and those of a fast one grow to the most that there may be', () => {
  expect(Math.max(...rounds(200, 8192, () => 30).map(({ count }) => count))).toBeLessThanOrEqual(3)
  expect(rounds(200, 8192, () => 0.0005).at(-1)?.count).toBe(8192)
})

test('gated rounds get a quarter of the time, with three distances between the gates', () => {
  const ms = ({ spacing }: Round): number => (spacing === 0 ? 0.001 : 0.004)
  const all = rounds(2000, 4096, ms)
  const time = (some: readonly Round[]): number => some.reduce((sum, round) => sum + round.count * ms(round), 0)
  const gated = all.filter(({ spacing }) => spacing > 0)
  expect(time(gated) / time(all)).toBeGreaterThan(0.2)
  expect(time(gated) / time(all)).toBeLessThan(0.3)
  expect(new Set(gated.map(({ spacing }) => spacing))).toEqual(new Set([4, 16, 64]))
})

property.prop([
  fc.integer({ min: 1, max: 10_000 }),
  fc.array(fc.double({ min: 1e-5, max: 100, noNaN: true }), { minLength: 1 }),
])('a round has at least one sample, at most what there may be, and a power of two as its bound', (most, times) => {
  let turn = 0
  for (const { count, delay } of rounds(100, most, () => times[turn++ % times.length]!)) {
    expect(count >= 1 && count <= most && Number.isInteger(count)).toBe(true)
    expect(Number.isInteger(Math.log2(delay)) && delay <= 2 ** 11).toBe(true)
  }
})
