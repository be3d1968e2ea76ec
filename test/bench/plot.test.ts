import { expect, test } from 'vitest'
import { curves } from '../../bench/harness/plot.ts'

const LINES_PER_CURVE = 8

test('curves stand below each other on one scale, and the axis is named once', () => {
  const lines = curves(
    [
      { name: 'steep', values: [0, 1000] },
      { name: 'flat', values: [10, 10] },
    ],
    '1 to 2',
  ).split('\n')
  expect(lines).toHaveLength(2 * LINES_PER_CURVE + 1)
  expect(lines[0]).toBe('steep')
  expect(lines[1]).toMatch(/^1,000 /)
  expect(lines[LINES_PER_CURVE]).toBe('flat')
  expect(lines[LINES_PER_CURVE + 1]).toMatch(/^1,000 /)
  expect(lines.at(-1)).toBe('       1 to 2')
})

test('what lies between the points lies on a straight line', () => {
  const [, ...lines] = curves([{ name: 'line', values: [0, 600] }], 'n').split('\n')
  // From 0 to 600 in seven rows of 100: the curve is in each of them, and leaves the last for the next about a sixth later.
  const columns = lines.slice(0, 7).map((line) => /[╭╰─]/.exec(line)!.index)
  expect(columns).toEqual(columns.toSorted((one, other) => other - one))
  expect(new Set(columns).size).toBe(7)
})
