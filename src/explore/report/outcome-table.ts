/** The table of outcomes: how many schedules ended in each, and its grade. After the tables of jcstress. */
import type { Exploration, OutcomeCount } from '../search/result.ts'
import type { Colours } from '../../terminal/colours.ts'
import { textTable } from '../../terminal/text-table.ts'
import { shortened, visible, widthOf } from '../../terminal/wrapped.ts'

const MOST_ROWS = 30
/** The part of the width that an outcome's key may have. */
const KEY_SHARE = 0.4

/**
 * Returns the table of outcomes. `failed`: the outcomes with a failure of their own in the report, which has the
 * description.
 */
export function outcomeTable(
  { outcomes, failures }: Exploration,
  failed: ReadonlySet<string | null>,
  { colours, columns }: { readonly colours: Colours; readonly columns?: number | undefined },
): string {
  const width = widthOf(columns)
  const paint = { acceptable: colours.green, interesting: colours.yellow, forbidden: colours.red }
  const all = Object.entries(outcomes).toSorted(([, one], [, other]) => other.count - one.count)
  const total = all.reduce((sum, [, { count }]) => sum + count, 0)
  const isUnexplained = failures.some(({ kind }) => kind === 'not-linearizable')
  const why = isUnexplained ? 'fits no order of the calls' : 'broke the invariant'
  const shown = all.slice(0, MOST_ROWS)
  const keys = distinct(
    shown.map(([key]) => key),
    Math.floor(width * KEY_SHARE),
  )
  const rows = shown.flatMap(([key, outcome], index) =>
    partsOf(outcome, why).map(({ count, grade, description }) => [
      keys[index]!,
      count.toLocaleString('en-US'),
      `${((100 * count) / total).toFixed(1)} %`,
      paint[grade](grade),
      grade === 'forbidden' && failed.has(key) ? '' : description,
    ]),
  )
  const described = rows.some((row) => row.at(-1) !== '')
  const table = textTable(
    [
      { name: 'outcome' },
      { name: 'schedules', right: true },
      { name: 'share', right: true },
      { name: 'grade' },
      ...(described ? [{ name: 'description', text: true }] : []),
    ],
    described ? rows : rows.map((row) => row.slice(0, -1)),
    width,
  )
  return all.length > MOST_ROWS ? `${table}\n… and ${all.length - MOST_ROWS} more` : table
}

/** Shortens the keys. Of keys that would look the same, the end is shown as well as the beginning. */
function distinct(keys: readonly string[], width: number): string[] {
  const cut = keys.map((key) => shortened(key, width))
  const head = Math.floor((width - 1) / 2)
  return cut.map((text, index) =>
    cut.indexOf(text) === cut.lastIndexOf(text)
      ? text
      : `${text.slice(0, head)}…${visible(keys[index]!).slice(-(width - 1 - head))}`,
  )
}

interface Part {
  readonly count: number
  readonly grade: OutcomeCount['grade']
  readonly description: string
}

/** Splits an outcome into a row for the schedules that hold and a row for those that fail; `why` says why they do. */
function partsOf({ count, grade, description = '', broken = 0 }: OutcomeCount, why: string): Part[] {
  const held = { count: count - broken, grade, description }
  const violated = { count: broken, grade: 'forbidden' as const, description: why }
  return [held, violated].filter((part) => part.count > 0)
}
