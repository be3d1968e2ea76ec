/** The command's JSON document on a sampled scenario. */
import type { Exploration, Failure } from '../explore/search/result.ts'
import { compare, endOf } from '../stress/samples/compare.ts'
import type { Comparison, Prediction } from '../stress/samples/compare.ts'
import type { SampleFailure, SampleResult } from '../stress/samples/result.ts'

/** A failure of the samples, with the explorer's token for it. */
export interface StressFailure extends SampleFailure {
  /** The token of a schedule in which the explorer found the same failure; absent if it has none. */
  readonly token?: string
}

/** What was sampled, and how it compares with an exploration. */
export interface StressDocument extends SampleResult {
  /** The variant of a bug, or the export of a file; null if none was named. */
  readonly variant: string | null
  readonly failures: readonly StressFailure[]
  /** Ends that were seen, and that a complete exploration holds impossible. Empty without `--compare`. */
  readonly impossible: readonly string[]
  /** The rest of the comparison; absent without `--compare`. */
  readonly compared?: Pick<Comparison, 'unseen' | 'unpredicted' | 'doubt'> & {
    readonly complete: boolean
    readonly schedules: number
  }
  /** What the variant of a bug is declared to be. Absent for a scenario of a file. */
  readonly declared?: 'sound' | 'broken'
  /** Whether the result is as declared: a sound variant passes, a broken one fails. */
  readonly asDeclared?: boolean
}

/** What a document is made of. */
export interface Stressed {
  readonly result: SampleResult
  readonly variant: string | undefined
  /** Whether the variant is declared sound; undefined if nothing is declared. */
  readonly sound: boolean | undefined
  /** The exploration of the same scenario; undefined if it was not explored. */
  readonly exploration: Exploration | undefined
  /** Why there is no exploration; undefined if there is one, or none was needed. */
  readonly unexplored?: string | undefined
  /** Whether the user asked for the comparison. */
  readonly compares: boolean
}

/** Returns the document. */
export function stressDocument(stressed: Stressed): StressDocument {
  const { result, variant, sound, exploration } = stressed
  const comparison = comparisonOf(stressed)
  const { verdict } = result
  return {
    ...result,
    variant: variant ?? null,
    failures: result.failures.map((failure) => withToken(failure, exploration)),
    impossible: comparison?.impossible ?? [],
    ...(comparison === undefined ? {} : { compared: comparedPart(comparison, exploration) }),
    ...(sound === undefined
      ? {}
      : { declared: sound ? 'sound' : 'broken', asDeclared: verdict === (sound ? 'pass' : 'fail') }),
  }
}

/** Returns the comparison; undefined if none was asked for, or the command was ended before there was an exploration. */
export function comparisonOf({ result, exploration, unexplored, compares }: Stressed): Comparison | undefined {
  if (!compares) return undefined
  if (exploration !== undefined) return compare(result, predictionOf(exploration, result))
  if (unexplored === undefined) return undefined
  return compare(result, { ends: new Set(), doubt: `it was not explored: ${sentence(unexplored)}` })
}

function comparedPart(
  { unseen, unpredicted, doubt }: Comparison,
  exploration: Exploration | undefined,
): NonNullable<StressDocument['compared']> {
  const { complete = false, schedules = 0 } = exploration ?? {}
  return { complete, schedules, unseen, unpredicted, ...(doubt === undefined ? {} : { doubt }) }
}

function withToken(failure: SampleFailure, exploration: Exploration | undefined): StressFailure {
  const same = explorersFailure(failure, exploration)
  return same === undefined ? failure : { ...failure, token: same.token }
}

/** Returns the failure of the exploration that is the same as one of the samples; undefined if there is none. */
export function explorersFailure(
  { kind, outcome, message }: SampleFailure,
  exploration: Exploration | undefined,
): Failure | undefined {
  return exploration?.failures.find((each) => {
    // On threads it cannot be told whether an actor that did not end would ever end.
    if (kind === 'hang') return each.kind === 'livelock' || each.kind === 'deadlock'
    if (each.kind !== kind) return false
    return kind === 'deadlock' || (outcome === null ? each.message === message : each.outcome === outcome)
  })
}

/** Returns what an exploration predicts for threads. */
export function predictionOf(exploration: Exploration, { outside = [] }: Pick<SampleResult, 'outside'>): Prediction {
  const failed = exploration.failures.map(endOf).filter((end) => end !== undefined)
  return { ends: new Set([...Object.keys(exploration.outcomes), ...failed]), doubt: doubtOn(exploration, outside) }
}

function doubtOn(
  { complete, error, stopped, declaredRaces = [] }: Exploration,
  outside: readonly string[],
): string | undefined {
  if (error !== undefined) return `the scenario cannot be explored: ${sentence(error.message)}`
  if (!complete) return `not every schedule was explored${stopped === undefined ? '' : `: ${stopped}`}`
  if (declaredRaces.length > 0) return `data races are declared, on ${declaredRaces.join(', ')}`
  return outside.length > 0 ? `the actors use ${outside.join(', ')}` : undefined
}

/** Returns a message in one line and without its full stop, as the end of a sentence. */
function sentence(message: string): string {
  return message.replaceAll(/\s+/g, ' ').replace(/\.$/, '')
}
