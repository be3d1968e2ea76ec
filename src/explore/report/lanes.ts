/**
 * Lays out what actors did in lanes side by side, with time running down. If the width does not suffice for a lane for
 * each actor, there is one lane, and each line names its actor.
 */
import { laneColour } from '../../terminal/colours.ts'
import type { Colours } from '../../terminal/colours.ts'
import { shares } from '../../terminal/shares.ts'
import { shortened } from '../../terminal/wrapped.ts'

/** One thing that an actor did, in its lane; it may take several lines of text. */
export interface LaneEntry {
  readonly actor: number
  readonly text: string
  /** The left margin within the lane, in characters. */
  readonly indent?: number | undefined
  /** The number of the step in the schedule, from 1. */
  readonly step?: number | undefined
  readonly source?: string | undefined
  /** Colours the text, instead of the lane's colour. */
  readonly paint?: ((text: string) => string) | undefined
}

const GAP = '  '
const LEAST_STEP = 3
/** The part of the width that the source column gets if it must be shortened. */
const SOURCE_SHARE = 0.28
/** A lane whose text is wider must get at least this width; else there is one lane for all actors. */
const NARROWEST = 16
const LONGEST_NAME = 16

interface Layout {
  readonly step: number
  readonly lanes: readonly number[]
  readonly source: number
}

/** Returns the table of the entries, at most `width` characters wide where its words allow. */
export function laneTable(
  actors: readonly string[],
  entries: readonly LaneEntry[],
  { width, colours }: { readonly width: number; readonly colours: Colours },
): string {
  const side = layout(actors, entries, width)
  const narrow = side.lanes.some((lane, index) => lane < NARROWEST && lane < wantedBy(index, actors, entries))
  return narrow ? oneLane(actors, entries, width, colours) : sideBySide(actors, entries, side, colours)
}

function sideBySide(actors: readonly string[], entries: readonly LaneEntry[], sizes: Layout, colours: Colours): string {
  const head = actors.map((name, index) =>
    laneColour(colours, index)(shortened(name, sizes.lanes[index] ?? 0).padEnd(sizes.lanes[index] ?? 0)),
  )
  const rows = [rowOf(sizes, '', head, 'source'), rule(sizes)]
  for (const entry of entries) {
    const lane = sizes.lanes[entry.actor] ?? 0
    const paint = entry.paint ?? laneColour(colours, entry.actor)
    for (const [index, text] of textLines(entry, lane).entries()) {
      const cells = sizes.lanes.map((size, actor) =>
        actor === entry.actor ? paint(text.padEnd(size)) : ' '.repeat(size),
      )
      rows.push(index === 0 ? firstRow(sizes, cells, entry) : rowOf(sizes, '', cells, ''))
    }
  }
  return rows.join('\n')
}

function oneLane(actors: readonly string[], entries: readonly LaneEntry[], width: number, colours: Colours): string {
  const name = Math.min(LONGEST_NAME, Math.max('actor'.length, ...actors.map(({ length }) => length)))
  const inOne = entries.map((entry) => ({ ...entry, actor: 0 }))
  const { step, lanes, source } = layout([''], inOne, width - name - GAP.length)
  const sizes = { step, lanes: [name, lanes[0] ?? 0], source }
  const rows = [rowOf(sizes, '', ['actor'.padEnd(name), ' '.repeat(lanes[0] ?? 0)], 'source'), rule(sizes)]
  for (const entry of entries) {
    const own = laneColour(colours, entry.actor)
    const paint = entry.paint ?? own
    for (const [index, text] of textLines(entry, lanes[0] ?? 0).entries()) {
      const who = index === 0 ? shortened(actors[entry.actor] ?? '', name) : ''
      const cells = [own(who.padEnd(name)), paint(text.padEnd(lanes[0] ?? 0))]
      rows.push(index === 0 ? firstRow(sizes, cells, entry) : rowOf(sizes, '', cells, ''))
    }
  }
  return rows.join('\n')
}

function layout(actors: readonly string[], entries: readonly LaneEntry[], width: number): Layout {
  const step = Math.max(LEAST_STEP, ...entries.map((entry) => String(entry.step ?? '').length))
  const wanted = actors.map((_, index) => wantedBy(index, actors, entries))
  const longest = Math.max('source'.length, ...entries.map((entry) => entry.source?.length ?? 0))
  const gaps = GAP.length * (actors.length + 1)
  const all = wanted.reduce((sum, each) => sum + each, step + gaps)
  const source =
    all + longest <= width ? longest : Math.min(longest, Math.max(Math.floor(width * SOURCE_SHARE), width - all))
  return { step, lanes: shares(wanted, width - step - gaps - source), source }
}

/** Returns the width that a lane needs for each of its texts to fit on one line. */
function wantedBy(actor: number, actors: readonly string[], entries: readonly LaneEntry[]): number {
  const own = entries.filter((entry) => entry.actor === actor)
  return Math.max((actors[actor] ?? '').length, ...own.map(({ text, indent = 0 }) => text.length + indent))
}

function firstRow(sizes: Layout, cells: readonly string[], { step, source = '' }: LaneEntry): string {
  const label = source.length <= sizes.source ? source : `…${source.slice(1 - sizes.source)}`
  return rowOf(sizes, step === undefined ? '' : String(step), cells, label)
}

function rowOf(sizes: Layout, step: string, cells: readonly string[], source: string): string {
  return [step.padStart(sizes.step), ...cells, source].join(GAP).trimEnd()
}

function rule({ step, lanes, source }: Layout): string {
  return '─'.repeat(lanes.reduce((sum, lane) => sum + GAP.length + lane, step + GAP.length + source))
}

/**
 * Breaks a text into lines between words. `0 → 1` and `= 1` are not broken if they fit; a word that does not fit is
 * cut.
 */
function textLines({ text, indent = 0 }: LaneEntry, width: number): string[] {
  const lines: string[] = []
  let line = ''
  const put = (piece: string): void => {
    const margin = lines.length === 0 ? indent : indent + 2
    const room = Math.max(1, width - margin)
    if (line !== '' && line.length + 1 + piece.length <= margin + room) line += ` ${piece}`
    else if (line === '' && piece.length <= room) line = ' '.repeat(margin) + piece
    else if (line !== '') {
      lines.push(line)
      line = ''
      put(piece)
    } else if (piece.includes(' ')) for (const word of piece.split(' ')) put(word)
    else {
      lines.push(' '.repeat(margin) + piece.slice(0, room))
      put(piece.slice(room))
    }
  }
  for (const piece of text.split(/(?<![=→·]) (?![=→])/)) put(piece)
  return [...lines, line]
}
