import { expect, test } from 'vitest'

import { sourceLabels } from '../../src/explore/report/source-labels.ts'
import { shares } from '../../src/terminal/shares.ts'
import { textTable } from '../../src/terminal/text-table.ts'
import { indented, widthOf, wrapped } from '../../src/terminal/wrapped.ts'

test('a table that is too wide breaks its columns of text, and no other', () => {
  const columns = [{ name: 'name' }, { name: 'what it is', text: true }]
  const rows = [['a-name-that-stays-whole', 'running text that is much too long for what is left of the line']]
  const lines = textTable(columns, rows, 50).split('\n')
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(50)
  expect(lines[2]).toMatch(/^a-name-that-stays-whole {2}running text/)
  expect(textTable(columns, rows).split('\n')).toHaveLength(3)
})

test('a share is what is wanted, or as much as the others that want more get', () => {
  expect(shares([10, 100, 100], 90)).toEqual([10, 40, 40])
  expect(shares([10, 20], 90)).toEqual([10, 20])
  expect(shares([], 90)).toEqual([])
})

test('the width is that of the terminal, from 80 columns up, and 100 where there is none', () => {
  expect([undefined, 0, 60, 80, 133].map(widthOf)).toEqual([100, 100, 80, 80, 133])
})

test('a word that is longer than the line, a token say, is never broken', () => {
  const token = `rl1.${'A'.repeat(300)}`
  expect(wrapped(`replay ${token} now`, 80).split('\n')).toContain(token)
  expect(indented(`replay ${token}`, 4, 80).some((line) => line.includes(token))).toBe(true)
})

test('a source has as much of its path as tells it from the others', () => {
  const frame = (file: string) => ({ name: '', file, line: 7, column: 1 })
  const frames = ['/a/src/lock/index.ts', '/a/src/queue/index.ts', '/a/src/main.ts'].map(frame)
  expect(frames.map(sourceLabels(frames))).toEqual(['lock/index.ts:7', 'queue/index.ts:7', 'main.ts:7'])
})
