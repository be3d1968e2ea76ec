/** Tables as this project prints them: a rule under the head, no frame. */
import Table from 'cli-table3'

export interface Column {
  readonly name: string
  /** Figures stand to the right. */
  readonly right?: boolean
}

const FRAME = ['top', 'bottom', 'left', 'right'].flatMap((side) => [
  side,
  `${side}-mid`,
  `${side}-left`,
  `${side}-right`,
])
const CHARS = { ...Object.fromEntries(FRAME.map((part) => [part, ''])), mid: '─', 'mid-mid': '──', middle: '  ' }

export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    chars: CHARS,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    head: columns.map(({ name }) => name),
    colAligns: columns.map(({ right }) => (right ? 'right' : 'left')),
  })
  table.push(...rows.map((row) => [...row]))
  return table.toString().replaceAll(/ +$/gm, '')
}
