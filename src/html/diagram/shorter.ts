/** Shortens a diagram by joining rows. Each step keeps its place in a row, so that arrows and positions hold. */
import { counted } from '../../terminal/wrapped.ts'
import type { DiagramRow } from './row.ts'

/** The largest number of names to show of calls that are joined. */
const MOST_NAMES = 4
/** This number of equal rows is shown before the others become one row. */
const SHOWN = 1

/** Joins neighbouring calls of one actor of which only the name is shown. */
export function withoutQuiet(rows: readonly DiagramRow[]): DiagramRow[] {
  return runsOf(rows, (row, next) => row.quiet && next.quiet && row.actor === next.actor).map((run) => {
    const names = [...new Set(run.map(({ text }) => text))]
    const more = names.length > MOST_NAMES ? `, … ${names.length - MOST_NAMES} more` : ''
    return joined(run, names.slice(0, MOST_NAMES).join(', ') + more)
  })
}

/** Joins rows that look the same, as the rounds of a waiting loop do: the first is shown, and how often it is repeated. */
export function withoutRepeats(rows: readonly DiagramRow[]): DiagramRow[] {
  return runsOf(rows, isRepeat).flatMap((run) => {
    const rest = run.slice(SHOWN)
    if (rest.length < 2) return run
    return run.slice(0, SHOWN).concat(joined(rest, `… ${rest.length.toLocaleString('en-US')} times more`))
  })
}

function isRepeat(row: DiagramRow, next: DiagramRow): boolean {
  const isSamePlace = row.frame?.line === next.frame?.line && row.frame?.file === next.frame?.file
  return row.actor === next.actor && row.text === next.text && isSamePlace
}

/** Leaves out the middle of more than `most` rows: one row stands for it. */
export function withoutMiddle(rows: readonly DiagramRow[], most: number): DiagramRow[] {
  if (rows.length <= most) return [...rows]
  const kept = Math.max(1, Math.floor((most - 1) / 2))
  const middle = rows.slice(kept, -kept)
  const count = middle.at(-1)!.to - middle[0]!.from
  const row = { ...joined(middle, `… ${counted(count, 'step')} of all actors left out`), frame: undefined }
  return [...rows.slice(0, kept), row, ...rows.slice(-kept)]
}

/** Splits the rows into runs in which each row fits the one before it. */
function runsOf(rows: readonly DiagramRow[], fits: (row: DiagramRow, next: DiagramRow) => boolean): DiagramRow[][] {
  const runs: DiagramRow[][] = []
  for (const row of rows) {
    const run = runs.at(-1)
    if (run !== undefined && fits(run.at(-1)!, row)) run.push(row)
    else runs.push([row])
  }
  return runs
}

/** Returns one row with the steps of all. */
function joined(rows: readonly DiagramRow[], text: string): DiagramRow {
  const [first] = rows as [DiagramRow]
  return rows.length === 1 ? first : { ...first, text, to: rows.at(-1)!.to }
}
