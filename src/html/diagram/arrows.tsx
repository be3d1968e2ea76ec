/** Arrows over the rows of a diagram. Rows have one height, so that the arrows need no measuring. */
import type { RecordedStep } from '../../explore/replay/recording.ts'
import type { Arrow } from './saw.ts'

interface ArrowsProps {
  readonly arrows: readonly Arrow[]
  readonly steps: readonly RecordedStep[]
  readonly taken: number
  readonly lanes: number
}

/** One unit is a lane wide and a row high. */
export function Arrows({ arrows, steps, taken, lanes }: ArrowsProps) {
  const shown = arrows.filter(({ to }) => to < taken)
  return (
    <svg class="arrows" viewBox={`0 0 ${lanes} ${steps.length}`} preserveAspectRatio="none" aria-hidden="true">
      {shown.map(({ from, to }) => (
        <path key={`${from} ${to}`} d={pathOf(steps, from, to)} class={to === taken - 1 ? 'arrow now' : 'arrow'} />
      ))}
    </svg>
  )
}

/** From the near edge of the writer's lane to the near edge of the reader's. */
function pathOf(steps: readonly RecordedStep[], from: number, to: number): string {
  const [writer, reader] = [steps[from]!.actor, steps[to]!.actor]
  const isRight = reader > writer
  const [x1, x2] = [writer + (isRight ? 0.9 : 0.02), reader + (isRight ? 0.02 : 0.9)]
  const [y1, y2] = [from + 0.5, to + 0.5]
  const middle = (x1 + x2) / 2
  return `M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`
}
