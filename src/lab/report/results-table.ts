/** The table of a run's results: one row per variant. */
import type { Lesson } from '../lessons/lesson.ts'
import type { LessonResult, VariantResult } from '../run-thread-lesson.ts'
import type { Colours } from '../../terminal/colours.ts'
import { short, whole } from '../../terminal/figures.ts'
import { textTables } from '../../terminal/text-table.ts'
import type { Column } from '../../terminal/text-table.ts'
import { RUN_WORDS } from './run-words.ts'
import { widthOf } from '../../terminal/wrapped.ts'

/** Returns the table of a lesson's results. */
export function resultsTable(lesson: Lesson, { variants }: LessonResult, colours: Colours, width?: number): string {
  const { total, more } = lesson.columns
  const totals = total ? [...total, `${total[2]} %`] : []
  const figures = [...totals, ...more.map(({ name }) => name), 'ops/s', 'p50 µs', 'p95 µs', 'p99 µs']
  const isChecked = variants.some(({ check }) => check !== undefined)
  const columns: Column[] = [
    { name: 'variant' },
    ...figures.map((name) => ({ name, right: true })),
    ...(isChecked ? [{ name: 'linearizable' }] : []),
    { name: 'verdict' },
  ]
  const rows = variants.map((result) => [
    result.variant,
    ...(total ? totalsOf(result) : []),
    ...more.map(({ show }) => show(result.metrics)),
    ...speedOf(result),
    ...(isChecked ? [CHECKED[result.check?.verdict ?? 'unknown']] : []),
    verdictWords(result, colours),
  ])
  return textTables(columns, rows, widthOf(width))
}

function totalsOf({ expected, actual }: VariantResult): string[] {
  if (expected === null || actual === null) return ['', '', '', '']
  const lost = expected - actual
  return [whole(expected), whole(actual), whole(lost), expected === 0 ? '' : ((100 * lost) / expected).toFixed(1)]
}

function speedOf({ opsPerSecond, latencyMicroseconds: { p50, p95, p99 } }: VariantResult): string[] {
  return [whole(opsPerSecond), ...[p50, p95, p99].map(short)]
}

const CHECKED = { linearizable: 'yes', 'not-linearizable': 'no', unknown: 'unknown' } as const

/** Returns a verdict as the table shows it. */
export function verdictWords({ verdict }: VariantResult, colours: Colours): string {
  const paint = { broke: colours.yellow, held: colours.green, failed: colours.red, inconclusive: colours.magenta }
  return paint[verdict](RUN_WORDS[verdict])
}
