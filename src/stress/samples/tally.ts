/** Counts samples by their outcome and their failures. */
import type { Grade } from '../../scenario.ts'
import type { SampleFailure, SampleResult, SampleVerdict, SampledOutcome } from './result.ts'
import type { SampleFault, SampleJudgement } from './subject.ts'
import { wilson } from './wilson.ts'

/** How many different failures are told apart. A message that is new each time would fill the report. */
const MOST_FAILURES = 50

interface CountedOutcome {
  readonly grade: Grade
  readonly description: string | undefined
  count: number
  broken: number
}

interface CountedFailure {
  readonly fault: SampleFault
  readonly where: readonly string[]
  count: number
}

/** The counts of a run. */
export class Tally {
  samples = 0
  readonly #outcomes = new Map<string, CountedOutcome>()
  readonly #failures = new Map<string, CountedFailure>()

  /** Counts one sample. `where`: where its actors stood or threw. */
  add({ outcome, faults }: SampleJudgement, where: readonly string[] = []): void {
    this.samples++
    if (outcome !== undefined) {
      let counted = this.#outcomes.get(outcome.key)
      if (counted === undefined) {
        counted = { grade: outcome.grade, description: outcome.description, count: 0, broken: 0 }
        this.#outcomes.set(outcome.key, counted)
      }
      counted.count++
      if (faults.some(({ kind }) => kind === 'invariant')) counted.broken++
    }
    for (const fault of faults) this.#addFault(fault, where)
  }

  #addFault(fault: SampleFault, where: readonly string[]): void {
    const known = this.#failures.get(fault.identity)
    if (known !== undefined) known.count++
    else if (this.#failures.size < MOST_FAILURES) this.#failures.set(fault.identity, { fault, where, count: 1 })
  }

  get verdict(): SampleVerdict {
    if (this.#failures.size > 0) return 'fail'
    return this.samples === 0 ? 'inconclusive' : 'pass'
  }

  /** Returns the counts with their shares. */
  counts(): Pick<SampleResult, 'samples' | 'verdict' | 'outcomes' | 'failures'> {
    const { samples, verdict } = this
    const outcomes = [...this.#outcomes]
      .toSorted(([, one], [, other]) => other.count - one.count)
      .map(([key, counted]): [string, SampledOutcome] => [key, sampledOutcome(counted, samples)])
    const failures = [...this.#failures.values()].map(({ fault, where, count }) =>
      sampleFailure(fault, count, samples, where),
    )
    // Object.fromEntries also takes the key "__proto__" for a property of its own.
    return { samples, verdict, outcomes: Object.fromEntries(outcomes), failures }
  }
}

function sampleFailure(
  { kind, message, outcome }: SampleFault,
  count: number,
  samples: number,
  where: readonly string[],
): SampleFailure {
  return { kind, message, outcome, count, ...wilson(count, samples), ...(where.length === 0 ? {} : { where }) }
}

function sampledOutcome({ grade, description, count, broken }: CountedOutcome, samples: number): SampledOutcome {
  return {
    count,
    ...wilson(count, samples),
    grade: broken === count ? 'forbidden' : grade,
    ...(description === undefined ? {} : { description }),
    ...(broken === 0 ? {} : { broken }),
  }
}
