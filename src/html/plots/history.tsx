/** A history: a row for each process, and each operation as an interval from its call to its return. After Porcupine's picture. */
import { textOf } from '../../check/history.ts'
import type { Operation } from '../../check/index.ts'
import { shortened } from '../../terminal/wrapped.ts'
import { Wide } from '../wide.tsx'

interface HistoryPlotProps {
  readonly label: string
  readonly operations: readonly Operation[]
  /** The operation that cannot be placed. */
  readonly culprit: Operation | undefined
  /** The others, in an order that explains them. */
  readonly order: readonly Operation[]
}

const ROW = 34
const CHARACTER = 7.3
/** The least width between two moments. */
const LEAST = 14
const LONGEST_TEXT = 24
const LONGEST_NAME = 16

export function HistoryPlot({ label, operations, culprit, order }: HistoryPlotProps) {
  const processes = [...new Set(operations.map(({ process }) => process))]
  const names = processes.map((process) => shortened(String(process), LONGEST_NAME))
  const left = 16 + CHARACTER * Math.max(...names.map(({ length }) => length))
  const { placeOf, end } = placesOf(operations, left)
  const placed = new Map(order.map((operation, index) => [keyOf(operation), index + 1]))
  return (
    <Wide label={label}>
      <svg class="history" width={end + 4} height={processes.length * ROW + 4} role="img" aria-label={label}>
        {names.map((name, row) => (
          <text key={row} x={0} y={row * ROW + 22}>
            {name}
          </text>
        ))}
        {operations.map((operation) => {
          const from = placeOf(operation.called)
          return (
            <Interval
              key={keyOf(operation)}
              text={textOf(operation)}
              isCulprit={culprit !== undefined && keyOf(culprit) === keyOf(operation)}
              number={placed.get(keyOf(operation))}
              x={from}
              y={processes.indexOf(operation.process) * ROW}
              width={Math.max(8, placeOf(operation.returned) - from - 4)}
            />
          )
        })}
      </svg>
    </Wide>
  )
}

/** Returns what is the same of an operation in a history and in a part of it that was put into an order. */
export function keyOf({ process, called }: Operation): string {
  return `${called} ${process}`
}

/**
 * Returns where each moment is drawn, in the order of the moments: no closer together than the texts of the intervals need, whatever
 * time lies between them.
 */
function placesOf(
  operations: readonly Operation[],
  left: number,
): { readonly placeOf: (time: number) => number; readonly end: number } {
  const times = operations.flatMap(({ called, returned }) => [called, returned])
  const moments = [...new Set(times)].toSorted((one, other) => one - other)
  const places = new Map<number, number>()
  let end = left - LEAST
  for (const moment of moments) {
    const ending = operations.filter(({ returned }) => returned === moment)
    end = Math.max(end + LEAST, ...ending.map((each) => (places.get(each.called) ?? left) + widthFor(textOf(each))))
    places.set(moment, end)
  }
  return { placeOf: (time) => places.get(time) ?? end, end }
}

/** Returns the width of an interval with its text, and with its number. */
function widthFor(text: string): number {
  return CHARACTER * (Math.min(LONGEST_TEXT, text.length) + 5) + 12
}

interface IntervalProps {
  readonly text: string
  readonly isCulprit: boolean
  /** Its place in the order; undefined if it has none. */
  readonly number: number | undefined
  readonly x: number
  readonly y: number
  readonly width: number
}

function Interval({ text, isCulprit, number, x, y, width }: IntervalProps) {
  const sign = isCulprit ? '✗ ' : number === undefined ? '' : `${number}. `
  return (
    <g class={isCulprit ? 'culprit' : undefined}>
      <title>{sign + shortened(text, 400)}</title>
      <rect x={x} y={y + 4} width={width} height={ROW - 8} rx={3} />
      <text x={x + 5} y={y + 22}>
        {shortened(sign + text, Math.max(1, Math.floor((width - 8) / CHARACTER)))}
      </text>
    </g>
  )
}
