/** What is published of a system that retries, and what is to be said of it after measuring. */
import { textTable } from '../../src/terminal/text-table.ts'
import { type Figure, changeInPercent, percent } from './figure.ts'

/** What is published of a system that retries, as changes. */
export const CLAIMS = { throughput: -0.13, p95: 0.2, p99: 0.5 } as const
export type Measure = keyof typeof CLAIMS
export const MEASURES = Object.keys(CLAIMS) as Measure[]

export interface Comparison {
  /** The retried variant. */
  readonly variant: string
  readonly baseline: string
  readonly workers: number
  /** 0.1 is ten percent more. */
  readonly changes: { readonly [Each in Measure]: Figure }
}

export function comparisonTable(comparisons: readonly Comparison[]): string {
  return textTable(
    [
      { name: 'retried' },
      { name: 'against' },
      { name: 'threads', right: true },
      ...MEASURES.map((measure) => ({ name: `${measure} (said ${percent(CLAIMS[measure])})`, right: true })),
    ],
    comparisons.map((each) => [
      each.variant,
      each.baseline,
      `${each.workers}`,
      ...MEASURES.map((measure) => changeInPercent(each.changes[measure])),
    ]),
  )
}

/** A claim is met in a comparison when the median lies between half of it and half as much again. */
function isMet(measure: Measure, { changes }: Comparison): boolean {
  const share = changes[measure].median / CLAIMS[measure]
  return share >= 0.5 && share <= 1.5
}

/** In words: true, not true, or not true in general; and what was measured instead. */
export function said(measure: Measure, comparisons: readonly Comparison[]): string {
  const met = comparisons.filter((each) => isMet(measure, each)).length
  const verdict = met === comparisons.length ? 'true' : met === 0 ? 'not true' : 'not true in general'
  const retried = [...new Set(comparisons.map(({ variant }) => variant))]
  const measured = retried.map((variant) => {
    const medians = comparisons.filter((each) => each.variant === variant).map((each) => each.changes[measure].median)
    return `${variant} ${percent(Math.min(...medians))} to ${percent(Math.max(...medians))}`
  })
  return (
    `${measure} ${percent(CLAIMS[measure])}: ${verdict}. Met, give or take half of it, in ${met} of ${comparisons.length} ` +
    `comparisons; medians: ${measured.join('; ')}.`
  )
}
