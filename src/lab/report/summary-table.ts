/** The summary of several lessons: one row per variant, with its declaration and its verdict. */
import type { LessonResult } from '../run-thread-lesson.ts'
import type { Colours } from '../../terminal/colours.ts'
import { verdictWords } from './results-table.ts'
import { whole } from '../../terminal/figures.ts'
import { textTable } from '../../terminal/text-table.ts'

/** Returns the summary as a table. */
export function summaryTable(results: readonly LessonResult[], colours: Colours): string {
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
    { name: 'violations', right: true },
    { name: 'verdict' },
  ]
  return textTable(columns, rows)
}
