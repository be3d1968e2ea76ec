/** A bench: one question, and how the machine is asked. */
import type { Team } from '../../src/stress/team.ts'

export interface BenchOptions {
  readonly team: Team
  /** On how many threads, one after the other. None is more than the team has. */
  readonly workers: readonly number[]
  readonly repetitions: number
  /** The share of the full work that is done: 1, or less for a quick look. */
  readonly share: number
  /** Called before each part, with what it is. Throws when the bench has been stopped. */
  readonly onProgress: (doing: string) => void
}

export interface Bench<Data = unknown> {
  readonly name: string
  readonly question: string
  /** The answer as plain data. */
  run(options: BenchOptions): Promise<Data>
  /** The same as text. */
  show(data: Data): string
}

/** So much of a number of things, but at least one. */
export function shareOf(count: number, share: number): number {
  return Math.max(1, Math.round(count * share))
}
