/** The summary of several bugs: every variant in a row, with what was declared of it and what came of it. */
import type { BugResult } from '../run-bug.ts'
import type { Colours } from '../../terminal/colours.ts'
import { verdictWords, whole } from './results-table.ts'
import { textTable } from '../../terminal/text-table.ts'

export function summaryTable(results: readonly BugResult[], colours: Colours): string {
  const rows = results.flatMap(({ bug, variants }) =>
    variants.map((result, index) => [
      index === 0 ? bug : '',
      result.variant,
      result.sound ? 'sound' : 'broken',
      whole(result.violations),
      verdictWords(result, colours),
    ]),
  )
  const columns = [
    { name: 'bug' },
    { name: 'variant' },
    { name: 'declared' },
    { name: 'went wrong', right: true },
    { name: 'verdict' },
  ]
  return textTable(columns, rows)
}
