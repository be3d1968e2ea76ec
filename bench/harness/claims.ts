/** The published claims about the cost of retrying, and how the measurements compare with them. */
import { textTable } from '../../src/terminal/text-table.ts'
import { changeInPercent, percent } from './figure.ts'
import type { Figure } from './figure.ts'

/** The published changes that retrying causes: −0.13 is 13 % less. */
export const CLAIMS = { throughput: -0.13, p95: 0.2, p99: 0.5 } as const
export type Measure = keyof typeof CLAIMS
export const MEASURES = Object.keys(CLAIMS) as Measure[]

export interface Comparison {
  /** The variant that retries. */
  readonly variant: string
  readonly baseline: string
  readonly workers: number
  /** A change of 0.1 is 10 % more than the baseline. */
  readonly changes: { readonly [Each in Measure]: Figure }
}

export function comparisonTable(comparisons: readonly Comparison[]): string {
  return textTable(
    [
      { name: 'with retries' },
      { name: 'compared with' },
      { name: 'threads', right: true },
      ...MEASURES.map((measure) => ({ name: `${measure} (claimed ${percent(CLAIMS[measure])})`, right: true })),
    ],
    comparisons.map((each) => [
      each.variant,
      each.baseline,
      `${each.workers}`,
      ...MEASURES.map((measure) => changeInPercent(each.changes[measure])),
    ]),
  )
}

/** Returns whether the median of a comparison lies between 0.5 and 1.5 times the claim. */
function isMet(measure: Measure, { changes }: Comparison): boolean {
  const share = changes[measure].median / CLAIMS[measure]
  return share >= 0.5 && share <= 1.5
}

/** Returns a sentence: whether the claim is true, not true, or not true in general, and the medians that were measured. */
export function verdictOn(measure: Measure, comparisons: readonly Comparison[]): string {
  const met = comparisons.filter((each) => isMet(measure, each)).length
  const verdict = met === comparisons.length ? 'true' : met === 0 ? 'not true' : 'not true in general'
  const retried = [...new Set(comparisons.map(({ variant }) => variant))]
  const measured = retried.map((variant) => {
    const medians = comparisons.filter((each) => each.variant === variant).map((each) => each.changes[measure].median)
    return `${variant} ${percent(Math.min(...medians))} to ${percent(Math.max(...medians))}`
  })
  return (
    `${measure} ${percent(CLAIMS[measure])}: ${verdict}. Within half of the claim in ${met} of ${comparisons.length} ` +
    `comparisons; medians: ${measured.join('; ')}.`
  )
}
