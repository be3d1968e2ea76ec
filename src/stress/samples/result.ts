/** What sampling a scenario found, as plain data. */
import type { Grade } from '../../scenario.ts'
import type { SampleFaultKind } from './subject.ts'
import type { Share } from './wilson.ts'

/**
 * The verdict on a scenario.
 *
 * - `pass`: at least one sample was made, and none failed. That is evidence, and no proof.
 * - `fail`: a sample failed; `failures` lists the kinds.
 * - `inconclusive`: no sample was made.
 */
export type SampleVerdict = 'pass' | 'fail' | 'inconclusive'

/** How many samples ended in an outcome, what share of all samples that is, and how the outcome is graded. */
export interface SampledOutcome extends Share {
  readonly count: number
  /** The scenario's grade; `forbidden` if every sample with this outcome broke the invariant. */
  readonly grade: Grade
  readonly description?: string
  /** How many of the `count` samples broke the invariant; absent if none did. */
  readonly broken?: number
}

/** One failure, and how many samples had it. */
export interface SampleFailure extends Share {
  readonly kind: SampleFaultKind
  readonly message: string
  /** The key of the outcome; null if the sample has none. */
  readonly outcome: string | null
  readonly count: number
  /** Where each actor stood that did not end, or where the actor threw: one sentence each. */
  readonly where?: readonly string[]
}

/** The result of sampling a scenario. It is plain data: `JSON.stringify` keeps all of it. */
export interface SampleResult {
  /** The version of this document's format. */
  readonly schema: 1
  readonly scenario: string
  /** How many samples were made and judged. */
  readonly samples: number
  /** How many threads made them: one for each actor. */
  readonly threads: number
  readonly verdict: SampleVerdict
  readonly outcomes: { readonly [outcome: string]: SampledOutcome }
  readonly failures: readonly SampleFailure[]
  /** The clocks and random numbers that actors used, by the names of their functions; absent if they used none. */
  readonly outside?: readonly string[]
  /** A remark on the result; absent if there is none. */
  readonly note?: string
  /** Why sampling ended early; absent if it ended as the options say. */
  readonly stopped?: string
  /** The time that sampling took, without the start of the threads, in milliseconds. */
  readonly elapsedMs: number
}
