/**
 * The outcomes of an exploration: how many schedules ended how, and what that means. After the tables of jcstress.
 */
import type { Exploration } from '../explore/result.ts'
import type { Colours } from './colours.ts'
import { textTable } from './text-table.ts'

const LONGEST_KEY = 40
const MOST_ROWS = 30

export function outcomeTable({ outcomes }: Exploration, colours: Colours): string {
  const paint = { acceptable: colours.green, interesting: colours.yellow, forbidden: colours.red }
  const all = Object.entries(outcomes).toSorted(([, one], [, other]) => other.count - one.count)
  const total = all.reduce((sum, [, { count }]) => sum + count, 0)
  const rows = all
    .slice(0, MOST_ROWS)
    .map(([key, { count, grade, description }]) => [
      key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY - 1)}…` : key,
      count.toLocaleString('en-US'),
      `${((100 * count) / total).toFixed(1)} %`,
      paint[grade](grade),
      description ?? '',
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
