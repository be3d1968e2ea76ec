/**
 * A figure: the median of its repetitions, and the quartiles beside it. Half of the repetitions lie between those; one that
 * the machine spoilt moves none of the three.
 */
import { median, quantile } from 'simple-statistics'
import { short, whole } from '../../src/lab/report/results-table.ts'

export interface Figure {
  readonly median: number
  /** The lower quartile. */
  readonly low: number
  /** The upper quartile. */
  readonly high: number
}

export function figureOf(samples: readonly number[]): Figure {
  const all = [...samples]
  return { median: median(all), low: quantile(all, 0.25), high: quantile(all, 0.75) }
}

/** The median and half the distance of the quartiles, in percent of it: `1,234 ±5%`. */
export function withSpread(figure: Figure, show: (figure: number) => string = whole): string {
  const { median: middle, low, high } = figure
  if (middle === 0) return show(middle)
  return `${show(middle)} ±${Math.round((50 * (high - low)) / Math.abs(middle))}%`
}

/** The median and the quartiles: `+12 % (+3 % to +20 %)`. */
export function changeInPercent({ median: middle, low, high }: Figure): string {
  return `${percent(middle)} (${percent(low)} to ${percent(high)})`
}

/** 0.123 → `+12 %` */
export function percent(change: number): string {
  const rounded = Math.round(100 * change)
  return `${rounded < 0 ? '−' : '+'}${whole(Math.abs(rounded))} %`
}

export function medianOnly({ median: middle }: Figure): string {
  return short(middle)
}
