/** A plot as data: what it shows, its axes, and one point for each figure that was measured. */
import { scaleLinear, scaleLog } from 'd3-scale'
import type { ScaleContinuousNumeric } from 'd3-scale'
import { whole } from '../../src/terminal/figures.ts'
import type { Figure } from './figure.ts'

export interface Plot {
  /** Says what is measured, of what, against what. */
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly Series[]
}

export interface Axis {
  readonly title: string
  /** Missing for a number of things, which `title` names. */
  readonly unit?: string
  /** The default is a linear axis. */
  readonly logarithmic?: true
}

export interface Series {
  readonly name: string
  readonly points: readonly Point[]
}

export interface Point {
  readonly x: number
  readonly y: Figure
}

export type Scale = ScaleContinuousNumeric<number, number>

/** Returns the scale of the x axis: from the smallest measured x at `from` to the largest at `to`. */
export function xScale({ x, series }: Plot, from: number, to: number): Scale {
  const values = xValues(series)
  const scale = x.logarithmic ? scaleLog() : scaleLinear()
  return scale.domain([Math.min(...values), Math.max(...values)]).range([from, to])
}

/** Returns the scale of the y axis: from 0 at `from` to a round number at `to` that no figure is above. */
export function yScale({ series }: Plot, from: number, to: number, ticks: number): Scale {
  const most = Math.max(...series.flatMap(({ points }) => points.map(({ y }) => y.high)))
  return scaleLinear()
    .domain([0, most || 1])
    .range([from, to])
    .nice(ticks)
}

/** Returns each x at which something was measured once, in ascending order. */
export function xValues(series: readonly Series[]): number[] {
  return [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((one, other) => one - other)
}

/** Returns the label of an axis: `time (ns)`, or `sessions, logarithmic scale`. */
export function axisLabel({ title, unit, logarithmic }: Axis): string {
  return [title, unit && ` (${unit})`, logarithmic && ', logarithmic scale'].filter(Boolean).join('')
}

/** Returns the number at a tick as text. */
export function tickLabel(value: number): string {
  return value > 0 && value < 10 ? `${Number(value.toPrecision(2))}` : whole(value)
}
