/** A bench: one question, how it is measured, and how its answer is shown. */
import type { Team } from '../../src/stress/team.ts'
import type { Figure } from './figure.ts'
import type { Plot } from './plot.ts'

export interface BenchOptions {
  readonly team: Team
  /** The numbers of threads to measure with, one after the other. No number is larger than the team. */
  readonly workers: readonly number[]
  readonly repetitions: number
  /** The share of the full work to do: 1, or less for a quick run. */
  readonly share: number
  /** Called before each part of the work with a description of that part. Throws when the run has been stopped. */
  readonly onProgress: (doing: string) => void
}

export interface Bench<Data = unknown> {
  readonly name: string
  readonly question: string
  /** Measures, and resolves to the answer as plain data. */
  run(options: BenchOptions): Promise<Data>
  /** Returns the answer as text. */
  show(data: Data): string
  /** Returns the repeated times and rates of the answer. Their spread tells how noisy the run was. */
  timings(data: Data): readonly Figure[]
  /** Returns the plots of the answer. Missing in a bench whose answer is a table only. */
  plots?(data: Data): readonly Plot[]
}

/** Returns `share` of `count`, rounded, but at least 1. */
export function shareOf(count: number, share: number): number {
  return Math.max(1, Math.round(count * share))
}
