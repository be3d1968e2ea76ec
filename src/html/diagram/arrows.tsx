/** Arrows over the rows of a diagram. Rows have one height, so that the arrows need no measuring. */
import type { DiagramRow } from './row.ts'
import type { Arrow } from './saw.ts'

interface ArrowsProps {
  /** By the rows' indexes. */
  readonly arrows: readonly Arrow[]
  readonly rows: readonly DiagramRow[]
  /** How many steps are taken: arrows to later ones are left out. */
  readonly taken: number
  readonly lanes: number
}

/** One unit is a lane wide and a row high. */
export function Arrows({ arrows, rows, taken, lanes }: ArrowsProps) {
  const shown = arrows.filter(({ to }) => rows[to]!.from < taken)
  return (
    <svg class="arrows" viewBox={`0 0 ${lanes} ${rows.length}`} preserveAspectRatio="none" aria-hidden="true">
      {shown.map(({ from, to }) => (
        <path key={`${from} ${to}`} d={pathOf(rows, from, to)} class={taken <= rows[to]!.to ? 'arrow now' : 'arrow'} />
      ))}
    </svg>
  )
}

/** From the near edge of the writer's lane to the near edge of the reader's. */
function pathOf(rows: readonly DiagramRow[], from: number, to: number): string {
  const [writer, reader] = [rows[from]!.actor, rows[to]!.actor]
  const isRight = reader > writer
  const [x1, x2] = [writer + (isRight ? 0.9 : 0.02), reader + (isRight ? 0.02 : 0.9)]
  const [y1, y2] = [from + 0.5, to + 0.5]
  const middle = (x1 + x2) / 2
  return `M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`
}
