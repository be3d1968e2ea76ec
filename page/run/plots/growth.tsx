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

/** The plot is stretched to the width that it is given, so these are no pixels. */
const WIDTH = 100
const HEIGHT = 100

/** The time axis ends with the last point; the other begins with 0. Shows an empty frame without points. */
export function Growth({ points, most, label }: GrowthProps) {
  const last = points.at(-1)
  const x = scaleLinear([0, Math.max(1, last?.time ?? 1)], [0, WIDTH])
  const y = scaleLinear([0, Math.max(1, most)], [HEIGHT, 0])
  // From nothing at the beginning.
  const all: readonly GrowthPoint[] = last === undefined ? [] : [{ time: 0, count: 0 }, ...points]
  const place = { x: (point: GrowthPoint) => x(point.time), y: (point: GrowthPoint) => y(point.count) }
  const fill = area<GrowthPoint>().x(place.x).y0(y(0)).y1(place.y)(all) ?? ''
  const stroke = line<GrowthPoint>().x(place.x).y(place.y)(all) ?? ''
  return (
    <div class="growth" role="img" aria-label={label}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path class="fill" d={fill} />
        <path class="stroke" d={stroke} />
        {/* A line without a length: a dot that is round however the plot is stretched. */}
        {last === undefined ? undefined : <path class="end" d={`M${place.x(last)},${place.y(last)}h0`} />}
      </svg>
      <div class="ends" aria-hidden="true">
        <span>0</span>
        <span>{last === undefined ? '' : timeWords(last.time)}</span>
      </div>
    </div>
  )
}

/** Returns a number of milliseconds with its unit. */
export function timeWords(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds.toFixed(0)} ms`
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`
}
