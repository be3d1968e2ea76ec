/**
 * A figure: the median of the values that the repetitions measured, with their quartiles. Half of the values lie between the
 * quartiles, so a single disturbed repetition changes none of the three numbers much.
 */
import { median, quantile } from 'simple-statistics'
import { short, whole } from '../../src/terminal/figures.ts'

export interface Figure {
  readonly median: number
  /** The lower quartile. */
  readonly low: number
  /** The upper quartile. */
  readonly high: number
}

/** Returns the figure of `samples`, one sample a repetition. The order of the samples does not matter. */
export function figureOf(samples: readonly number[]): Figure {
  const all = [...samples]
  return { median: median(all), low: quantile(all, 0.25), high: quantile(all, 0.75) }
}

/** Returns half the distance between the quartiles as a share of the median: 0.05 means ±5 %. It is 0 for a median of 0. */
export function spreadOf({ median: middle, low, high }: Figure): number {
  return middle === 0 ? 0 : (high - low) / 2 / Math.abs(middle)
}

/** Returns the median and the spread as text: `1,234 ±5%`. `show` formats the median. */
export function withSpread(figure: Figure, show: (value: number) => string = whole): string {
  if (figure.median === 0) return show(0)
  return `${show(figure.median)} ±${Math.round(100 * spreadOf(figure))}%`
}

/** Returns a change as text, the median and the quartiles: `+12 % (+3 % to +20 %)`. */
export function changeInPercent({ median: middle, low, high }: Figure): string {
  return `${percent(middle)} (${percent(low)} to ${percent(high)})`
}

/** Returns a share with its sign, in percent: 0.123 becomes `+12 %`. */
export function percent(change: number): string {
  const rounded = Math.round(100 * change)
  return `${rounded < 0 ? '−' : '+'}${whole(Math.abs(rounded))} %`
}

/** Returns the median as text with three significant digits. */
export function medianOnly({ median: middle }: Figure): string {
  return short(middle)
}
