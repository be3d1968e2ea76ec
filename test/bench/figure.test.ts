import { expect, test } from 'vitest'
import { changeInPercent, figureOf, percent, spreadOf, withSpread } from '../../bench/harness/figure.ts'

test('a figure is the median and the quartiles, in any order of the samples', () => {
  expect(figureOf([5, 1, 4, 2, 3])).toEqual({ median: 3, low: 2, high: 4 })
  expect(figureOf([7])).toEqual({ median: 7, low: 7, high: 7 })
})

test('one disturbed repetition of five changes neither the median nor the lower quartile', () => {
  expect(figureOf([2, 3, 3, 4, 1000])).toEqual({ median: 3, low: 3, high: 4 })
})

test('the samples are not sorted in place', () => {
  const samples = [3, 1, 2]
  figureOf(samples)
  expect(samples).toEqual([3, 1, 2])
})

test('the spread is half the distance between the quartiles, divided by the median', () => {
  expect(spreadOf({ median: -4, low: -6, high: -2 })).toBe(0.5)
  expect(spreadOf({ median: 0, low: 0, high: 9 })).toBe(0)
  expect(withSpread({ median: 1000, low: 900, high: 1300 })).toBe('1,000 ±20%')
  expect(withSpread({ median: 0, low: 0, high: 0 })).toBe('0')
})

test('a change has its sign', () => {
  expect(percent(0.2)).toBe('+20 %')
  expect(percent(-0.13)).toBe('−13 %')
  expect(percent(-0.001)).toBe('+0 %')
  expect(changeInPercent({ median: 0.12, low: -0.03, high: 0.2 })).toBe('+12 % (−3 % to +20 %)')
})
