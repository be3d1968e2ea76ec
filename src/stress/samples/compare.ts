/** Holds what threads showed against what an exploration says can happen. */
import type { SampleResult } from './result.ts'

/** What an exploration says can happen. */
export interface Prediction {
  /** The ends that it found: an outcome's key, or what `endOf` returns for a failure without an outcome. */
  readonly ends: ReadonlySet<string>
  /**
   * Why an end that is not among them may be possible all the same; undefined if every possible end is among them.
   */
  readonly doubt: string | undefined
}

/** The ends of a scenario, by what the exploration and the threads say of them. Each end is in one list. */
export interface Comparison {
  /** Possible, and seen. */
  readonly seen: readonly string[]
  /** Possible, and never seen. */
  readonly unseen: readonly string[]
  /** Seen, and held impossible. */
  readonly impossible: readonly string[]
  /** Seen and not predicted, by an exploration that does not say that it is impossible. */
  readonly unpredicted: readonly string[]
  /** Why nothing is held impossible; absent if the exploration knows every possible end. */
  readonly doubt?: string
}

/**
 * Returns the end of a sample or schedule that failed and has no outcome; undefined if the failure says nothing of what can
 * happen: an actor that did not end in time may only be slow.
 */
export function endOf({ kind, message }: { readonly kind: string; readonly message: string }): string | undefined {
  if (kind === 'deadlock') return 'deadlock'
  return kind === 'exception' ? `exception: ${message}` : undefined
}

/** Compares the ends that threads showed with the prediction. */
export function compare(
  { outcomes, failures }: Pick<SampleResult, 'outcomes' | 'failures'>,
  prediction: Prediction,
): Comparison {
  const { ends, doubt } = prediction
  const failed = failures.map(endOf).filter((end) => end !== undefined)
  const happened = new Set([...Object.keys(outcomes), ...failed])
  const surprising = [...happened].filter((end) => !ends.has(end))
  return {
    seen: [...happened].filter((end) => ends.has(end)),
    unseen: [...ends].filter((end) => !happened.has(end)),
    impossible: doubt === undefined ? surprising : [],
    unpredicted: doubt === undefined ? [] : surprising,
    ...(doubt === undefined ? {} : { doubt }),
  }
}
