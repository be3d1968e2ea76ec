import { expect, test } from 'vitest'

import { outcomeTable } from '../../../src/explore/report/outcome-table.ts'
import type { Exploration } from '../../../src/explore/search/result.ts'
import { colours } from '../../../src/terminal/colours.ts'

function tableOf(outcomeCount: number): string {
  const outcomes = Object.fromEntries(
    Array.from({ length: outcomeCount }, (_, index) => [`o${index}`, { count: 1, grade: 'acceptable' }]),
  )
  const exploration = { outcomes, failures: [] } as unknown as Exploration
  return outcomeTable(exploration, new Set(), { colours: colours(false) })
}

test('at most 30 outcomes have a row, and of the rest the number is said', () => {
  expect(tableOf(30).split('\n')).toHaveLength(2 + 30)
  expect(tableOf(30)).not.toContain('more')
  expect(tableOf(32).split('\n').slice(-2)).toEqual([expect.stringMatching(/^o29 /), '… and 2 more'])
})
