import { fc, test as property } from '@fast-check/vitest'
import { expect, test, vi } from 'vitest'
import { GapError, parseGap, pauseOf } from '../../src/stress/gap.ts'

test('gaps are parsed as documented', () => {
  expect(parseGap('none')).toEqual({ kind: 'none' })
  expect(parseGap('spin:5')).toEqual({ kind: 'spin', microseconds: 5, every: 1 })
  expect(parseGap('sleep:0.05/50')).toEqual({ kind: 'sleep', milliseconds: 0.05, every: 50 })
})

test.each([
  '',
  'foo',
  'spin',
  'spin:',
  'spin:-1',
  'sleep:1e9',
  'sleep:10001',
  'spin:1000001',
  'sleep:1/0',
  'sleep:1/1.5',
  ' none',
])('"%s" is refused with what a gap may be', (text) => {
  expect(() => parseGap(text)).toThrow(GapError)
  expect(() => parseGap(text)).toThrow('sleep:<milliseconds')
})

property.prop([fc.string()])('no text is parsed as a gap that takes forever', (text) => {
  let gap
  try {
    gap = parseGap(text)
  } catch (misuse) {
    expect(misuse).toBeInstanceOf(GapError)
    return
  }
  if (gap.kind === 'spin') expect(gap.microseconds).toBeLessThanOrEqual(1e6)
  if (gap.kind === 'sleep') expect(gap.milliseconds).toBeLessThanOrEqual(1e4)
})

/** How often the gap was made in each of six calls, counted by what it uses to take time. */
function madeIn(text: string): number[] {
  const sleeps = vi.spyOn(Atomics, 'wait')
  const looks = vi.spyOn(performance, 'now')
  try {
    const pause = pauseOf(parseGap(text))
    return Array.from({ length: 6 }, () => {
      sleeps.mockClear()
      looks.mockClear()
      pause()
      return sleeps.mock.calls.length + Math.min(1, looks.mock.calls.length)
    })
  } finally {
    vi.restoreAllMocks()
  }
}

test.each([
  ['none', [0, 0, 0, 0, 0, 0]],
  ['spin:1', [1, 1, 1, 1, 1, 1]],
  ['spin:1/2', [1, 0, 1, 0, 1, 0]],
  ['sleep:0.01', [1, 1, 1, 1, 1, 1]],
  ['sleep:0.01/3', [1, 0, 0, 1, 0, 0]],
])('the gap %s is made in each nth call, the first included', (text, made) => {
  expect(madeIn(text)).toEqual(made)
})

test('a gap takes the time that it says: a sleep asks for its milliseconds, a spin ends once its microseconds are over', () => {
  const sleeps = vi.spyOn(Atomics, 'wait')
  // The clock is read once before the spin. The spin of 5 µs goes on at 4 µs, and ends at 5.
  const looks = vi.spyOn(performance, 'now')
  for (const milliseconds of [10, 10.004, 10.005, 99]) looks.mockReturnValueOnce(milliseconds)
  try {
    pauseOf(parseGap('sleep:0.25'))()
    expect(sleeps).toHaveBeenCalledExactlyOnceWith(expect.any(Int32Array), 0, 0, 0.25)
    pauseOf(parseGap('spin:5'))()
    expect(looks).toHaveBeenCalledTimes(3)
  } finally {
    vi.restoreAllMocks()
  }
})
