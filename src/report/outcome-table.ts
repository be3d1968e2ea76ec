/**
 * The outcomes of an exploration: how many schedules ended how, and what that means. After the tables of jcstress.
 */
import type { Exploration } from '../explore/result.ts'
import type { Colours } from './colours.ts'
import { textTable } from './text-table.ts'
import { wrapped } from './wrapped.ts'

const LONGEST_KEY = 40
const MOST_ROWS = 30
/** Of 100 columns, what is left of schedules, share and grade, with the gaps. */
const LEFT = 100 - 9 - 7 - 11 - 4 * 2

export function outcomeTable({ outcomes }: Exploration, colours: Colours): string {
  const paint = { acceptable: colours.green, interesting: colours.yellow, forbidden: colours.red }
  const all = Object.entries(outcomes).toSorted(([, one], [, other]) => other.count - one.count)
  const total = all.reduce((sum, [, { count }]) => sum + count, 0)
  const shown = all.slice(0, MOST_ROWS)
  const keyWidth = Math.min(LONGEST_KEY, Math.max(...shown.map(([key]) => key.length)))
  const rows = shown.map(([key, { count, grade, description }]) => [
    key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY - 1)}…` : key,
    count.toLocaleString('en-US'),
    `${((100 * count) / total).toFixed(1)} %`,
    paint[grade](grade),
    wrapped(description ?? '', LEFT - keyWidth),
  ])
  const table = textTable(
    [
      { name: 'outcome' },
      { name: 'schedules', right: true },
      { name: 'share', right: true },
      { name: 'grade' },
      { name: 'description' },
    ],
    rows,
  )
  return all.length > MOST_ROWS ? `${table}\n… and ${all.length - MOST_ROWS} more` : table
}
