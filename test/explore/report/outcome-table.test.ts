import { expect, test } from 'vitest'

import { outcomeTable } from '../../../src/explore/report/outcome-table.ts'
import type { Exploration } from '../../../src/explore/search/result.ts'
import { colours } from '../../../src/terminal/colours.ts'

function tableOf(keys: readonly string[]): string {
  const outcomes = Object.fromEntries(keys.map((key) => [key, { count: 1, grade: 'acceptable' }]))
  const exploration = { outcomes, failures: [] } as unknown as Exploration
  return outcomeTable(exploration, new Set(), { colours: colours(false) })
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `o${index}`)

test('long outcomes that differ only at the end are shown with their ends', () => {
  const [one, other] = ['1', '2'].map((end) => `alice: push(1) = true, push(1) = true; bob: pop() = ${end}`)
  const [, , ...rows] = tableOf([one!, other!, 'x'.repeat(200)]).split('\n')
  expect(rows).toEqual([
    expect.stringMatching(/^alice: push\(1\) = tr…true; bob: pop\(\) = 1 /),
    expect.stringMatching(/^alice: push\(1\) = tr…true; bob: pop\(\) = 2 /),
    expect.stringMatching(/^x{39}… /),
  ])
})

test('a control character in an outcome neither ends a line nor moves the cursor', () => {
  const [, , ...rows] = tableOf(['one\ntwo', '\u001b[2J\u009b']).split('\n')
  const [, , longer] = tableOf(['1', '2'].map((end) => `${'x'.repeat(50)}\n${end}`)).split('\n')
  expect(longer).toMatch(/^x+…x+\\n1 /)
  expect(rows).toEqual([expect.stringMatching(/^one\\ntwo /), expect.stringMatching(/^\\u001b\[2J\\u009b /)])
})

test('at most 30 outcomes have a row, and of the rest the number is said', () => {
  expect(tableOf(numbered(30)).split('\n')).toHaveLength(2 + 30)
  expect(tableOf(numbered(30))).not.toContain('more')
  expect(tableOf(numbered(32)).split('\n').slice(-2)).toEqual([expect.stringMatching(/^o29 /), '… and 2 more'])
})
