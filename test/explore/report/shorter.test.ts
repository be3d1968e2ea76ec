import { expect, test } from 'vitest'

import { withoutQuiet, withoutRepeats } from '../../../src/explore/report/shorter.ts'
import type { Line } from '../../../src/explore/report/shorter.ts'
import { colours } from '../../../src/terminal/colours.ts'

const line = (actor: number, text: string, quiet = false): Line => ({ actor, text, quiet })

test('adjacent quiet lines of one actor become one, with each name once', () => {
  const lines = [
    line(0, 'a()', true),
    line(0, 'b()', true),
    line(0, 'a()', true),
    line(1, 'c()', true),
    line(1, 'x = 1'),
    line(1, 'd()', true),
    line(1, 'e()', true),
  ]
  expect(withoutQuiet(lines).map(({ actor, text }) => `${actor}: ${text}`)).toEqual([
    '0: a(), b()',
    '1: c()',
    '1: x = 1',
    '1: d(), e()',
  ])
})

test('of repeats of a line their number is shown; two of them are shown as they are', () => {
  const rounds = (count: number): Line[] => Array.from({ length: count }, (_, step) => ({ ...line(0, 'x = 0'), step }))
  const shown = (count: number): string[] => withoutRepeats(rounds(count), colours(false)).map(({ text }) => text)
  expect(shown(2)).toEqual(['x = 0', 'x = 0'])
  expect(shown(3)).toEqual(['x = 0', '… 2 times more'])
})
