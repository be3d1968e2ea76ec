/** Bars: for each row what arrived, within an outline of what was expected. */
import { scaleLinear } from 'd3-scale'

export interface Bar {
  readonly name: string
  readonly expected: number
  readonly actual: number
}

const ROW = 30
const NAMES = 190
const WIDTH = 720

export function Bars({ label, bars }: { readonly label: string; readonly bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map(({ expected, actual }) => Math.max(expected, actual)))
  const x = scaleLinear([0, most], [0, WIDTH - NAMES - 130])
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${WIDTH} ${bars.length * ROW}`}
      width="100%"
      style={{ maxWidth: WIDTH }}
      role="img"
      aria-label={label}
    >
      {bars.map(({ name, expected, actual }, index) => (
        <g key={name} transform={`translate(0 ${index * ROW})`}>
          <text x={NAMES - 10} y={20} text-anchor="end">
            {name}
          </text>
          <rect class={actual < expected ? 'short' : 'actual'} x={NAMES} y={6} width={x(actual)} height={18} />
          <rect class="expected" x={NAMES} y={6} width={x(expected)} height={18} />
          <text x={NAMES + x(Math.max(expected, actual)) + 8} y={20}>
            {actual.toLocaleString('en-US')} of {expected.toLocaleString('en-US')}
          </text>
        </g>
      ))}
    </svg>
  )
}
