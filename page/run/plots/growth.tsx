/** A small plot of how a number grows with time. */
import { scaleLinear } from 'd3-scale'
import { area, line } from 'd3-shape'

/** Where the number was, and when. */
export interface GrowthPoint {
  readonly time: number
  readonly count: number
}

export interface GrowthProps {
  readonly points: readonly GrowthPoint[]
  /** The largest number of the axis, so that plots side by side can share one. */
  readonly most: number
  /** What the plot says, in words. */
  readonly label: string
}

const WIDTH = 240
const HEIGHT = 96
const FOOT = 16
const ROOM = 6

/** The time axis ends with the last point; the other begins with 0. Shows an empty frame without points. */
export function Growth({ points, most, label }: GrowthProps) {
  const last = points.at(-1)
  const x = scaleLinear([0, Math.max(1, last?.time ?? 1)], [0, WIDTH - ROOM])
  const y = scaleLinear([0, Math.max(1, most)], [HEIGHT - FOOT, ROOM])
  // From nothing at the beginning.
  const all: readonly GrowthPoint[] = last === undefined ? [] : [{ time: 0, count: 0 }, ...points]
  const place = { x: (point: GrowthPoint) => x(point.time), y: (point: GrowthPoint) => y(point.count) }
  const fill = area<GrowthPoint>().x(place.x).y0(y(0)).y1(place.y)(all) ?? ''
  const stroke = line<GrowthPoint>().x(place.x).y(place.y)(all) ?? ''
  return (
    <svg class="growth" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <line class="axis" x1={0} x2={WIDTH} y1={y(0)} y2={y(0)} />
      {last === undefined ? undefined : (
        <>
          <path class="fill" d={fill} />
          <path class="stroke" d={stroke} />
          <circle cx={place.x(last)} cy={place.y(last)} r={3} />
          <text x={WIDTH - ROOM} y={HEIGHT - 3} text-anchor="end">
            {timeWords(last.time)}
          </text>
        </>
      )}
      <text x={0} y={HEIGHT - 3}>
        0
      </text>
    </svg>
  )
}

/** Returns a number of milliseconds with its unit. */
export function timeWords(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds.toFixed(0)} ms`
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`
}
