/** Tables as this project prints them: a rule under the head, no frame. */
import { stripVTControlCharacters } from 'node:util'
import Table from 'cli-table3'
import wrapAnsi from 'wrap-ansi'
import { shares } from './shares.ts'

export interface Column {
  readonly name: string
  /** Figures stand to the right. */
  readonly right?: boolean
  /** Running text: where the table is too wide, it is broken into lines. */
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
/** Text in narrower columns than this is no easier to read than a line that is too long. */
const NARROWEST = 12

/** `width`: how wide the table may be, as far as its columns of text allow. */
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
 * Tables one under the other where one would be too wide: each begins with the first column, so that its rows are known, and
 * the first one has the last column too, which is what all the others lead to.
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
    const table = tables.at(-1) as number[]
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

/** How wide each column is to be. */
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
