import { expect, test } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import type { Exploration } from '../../../src/explore/search/result.ts'
import { exploredDocument } from '../../../src/lab/report/explored-document.ts'
import { verdictTable } from '../../../src/lab/report/verdict-table.ts'
import { colours } from '../../../src/terminal/colours.ts'
import { over } from '../../explore/counters.ts'

const increment = (words: Int32Array): number => Atomics.store(words, 0, Atomics.load(words, 0) + 1)
const both = { alice: increment, bob: increment }

test('the verdicts name what is declared in the words of `list`, and fit the width', () => {
  const counter = over(both, {
    observe: (words) => Atomics.load(words, 0),
    outcomes: { 2: 'acceptable', 1: ['forbidden', `lost, ${'as ever '.repeat(20)}`] },
  })
  const wrong: Exploration = { ...explore(counter), variant: 'buggy' }
  const right: Exploration = { ...explore(over(both)), variant: 'fixed', verdict: 'pass', failures: [] }
  const documents = [exploredDocument(wrong, { sound: false }), exploredDocument(right, { sound: true })]
  const table = verdictTable(documents, colours(false), 80)
  expect(table).toMatch(/^buggy +broken +fails +\d+ +outcome: lost/m)
  expect(table).toMatch(/^fixed +sound +holds +\d+$/m)
  expect(Math.max(...table.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80)
})
