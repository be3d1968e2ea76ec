/** Tables as text: a rule under the head, and no frame. */
import { stripVTControlCharacters } from 'node:util'
import Table from 'cli-table3'
import wrapAnsi from 'wrap-ansi'
import { shares } from './shares.ts'

/** A column of a table. */
export interface Column {
  /** The heading. */
  readonly name: string
  /** Whether its cells are aligned to the right, as figures are. */
  readonly right?: boolean
  /** Whether its cells are running text, which is broken into lines if the table is too wide. */
  readonly text?: boolean
}

const FRAME = ['top', 'bottom', 'left', 'right'].flatMap((side) => [
  side,
  `${side}-mid`,
  `${side}-left`,
  `${side}-right`,
])
const GAP = '  '
const CHARS = { ...Object.fromEntries(FRAME.map((part) => [part, ''])), mid: '─', 'mid-mid': '──', middle: GAP }
/** Columns of text are not made narrower than this: the text would be harder to read than a line that is too long. */
const NARROWEST = 12

/** Returns a table. Its columns of text are made narrower until it is at most `width` characters wide, or they cannot be. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[], width = Infinity): string {
  const widths = fitting(columns, rows, width)
  const fitted = (cell: string, index: number): string =>
    columns[index]?.text === true ? wrapAnsi(cell, widths[index] ?? Infinity, { hard: true }) : cell
  const table = new Table({
    chars: CHARS,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    head: columns.map(({ name }, index) => fitted(name, index)),
    colAligns: columns.map(({ right }) => (right ? 'right' : 'left')),
  })
  table.push(...rows.map((row) => row.map(fitted)))
  return table.toString().replaceAll(/ +$/gm, '')
}

/**
 * Returns one table if it is at most `width` characters wide, else several, one below the other. Each has the first column,
 * which names the rows; the first table also has the last column, which holds the result.
 */
export function textTables(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string {
  const widths = columns.map((column, index) => naturalWidth(column, index, rows))
  const all = columns.map((_, index) => index)
  const size = (some: readonly number[]): number =>
    some.reduce((sum, index) => sum + (widths[index] ?? 0) + GAP.length, -GAP.length)
  if (size(all) <= width) return textTable(columns, rows)
  const [first = 0, last = 0] = [all[0], all.at(-1)]
  const tables = [[first, last]]
  for (const index of all.slice(1, -1)) {
    const table = tables.at(-1)!
    if (size([...table, index]) <= width) table.push(index)
    else tables.push([first, index])
  }
  return tables
    .map((some) =>
      textTable(
        pick(columns, some),
        rows.map((row) => pick(row, some)),
      ),
    )
    .join('\n\n')
}

function pick<Item>(items: readonly Item[], some: readonly number[]): Item[] {
  return some.map((index) => items[index] as Item)
}

function naturalWidth({ name }: Column, index: number, rows: readonly (readonly string[])[]): number {
  return Math.max(...[name, ...rows.map((row) => row[index] ?? '')].map(widest))
}

/** Returns the width of each column. */
function fitting(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): number[] {
  const natural = columns.map((column, index) => naturalWidth(column, index, rows))
  const isText = (index: number): boolean => columns[index]?.text === true
  const fixed = natural.reduce(
    (sum, each, index) => sum + (isText(index) ? 0 : each),
    GAP.length * (columns.length - 1),
  )
  const texts = natural.filter((_, index) => isText(index))
  const shared = shares(texts, Math.max(width - fixed, NARROWEST * texts.length))
  return natural.map((each, index) => (isText(index) ? (shared.shift() ?? each) : each))
}

function widest(cell: string): number {
  return Math.max(
    ...stripVTControlCharacters(cell)
      .split('\n')
      .map(({ length }) => length),
  )
}
