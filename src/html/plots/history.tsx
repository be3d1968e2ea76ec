/** A history: a row for each process, and each operation as an interval from its call to its return. After Porcupine's picture. */
import { scaleLinear } from 'd3-scale'
import { textOf } from '../../check/history.ts'
import type { Operation } from '../../check/index.ts'
import { Wide } from '../wide.tsx'

interface HistoryPlotProps {
  readonly operations: readonly Operation[]
  readonly culprit: Operation | undefined
}

const ROW = 34
const NAMES = 90
/** The width of a unit of time, so that most texts fit into their interval. */
const UNIT = 80

export function HistoryPlot({ operations, culprit }: HistoryPlotProps) {
  const processes = [...new Set(operations.map(({ process }) => process))]
  const times = operations.flatMap(({ called, returned }) =>
    Number.isFinite(returned) ? [called, returned] : [called],
  )
  const moments = [...new Set(times)].toSorted((one, other) => one - other)
  // Every moment gets the same room, whatever lies between it and the next.
  const at = new Map(moments.map((time, index) => [time, index]))
  const x = scaleLinear([0, moments.length], [NAMES, NAMES + UNIT * moments.length])
  const end = x(moments.length)
  const placeOf = (time: number): number => x(at.get(time) ?? moments.length)
  return (
    <Wide label="History">
      <svg class="history" width={end + 20} height={processes.length * ROW + 4} role="img" aria-label="The history">
        {processes.map((process, row) => (
          <text key={process} x={0} y={row * ROW + 22}>
            {String(process)}
          </text>
        ))}
        {operations.map((operation) => {
          const [from, to] = [placeOf(operation.called), placeOf(operation.returned)]
          const isCulprit = culprit?.called === operation.called && culprit.process === operation.process
          return (
            <g key={`${operation.process} ${operation.called}`}>
              <title>{textOf(operation)}</title>
              <rect
                class={isCulprit ? 'culprit' : undefined}
                x={from}
                y={processes.indexOf(operation.process) * ROW + 4}
                width={Math.max(6, to - from - 4)}
                height={ROW - 8}
                rx={3}
              />
              <text x={from + 5} y={processes.indexOf(operation.process) * ROW + 22}>
                {shortened(textOf(operation), Math.floor((to - from) / 7.5))}
              </text>
            </g>
          )
        })}
      </svg>
    </Wide>
  )
}

/** The whole text is the interval's title. */
function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(1, length - 1))}…`
}
