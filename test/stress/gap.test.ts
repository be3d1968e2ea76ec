import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
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

test('every gap that can be parsed can be made, in every nth call or in all', () => {
  for (const text of ['none', 'spin:1', 'spin:1/2', 'sleep:0.01', 'sleep:0.01/3']) {
    const pause = pauseOf(parseGap(text))
    for (let call = 0; call < 5; call++) expect(pause()).toBeUndefined()
  }
})
