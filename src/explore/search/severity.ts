/**
 * Which failure is worse: the one that is shown first.
 */
import type { Failure, FailureKind } from './result.ts'

/** What went wrong for certain. A livelock may only be slow, and a data race may show nothing on this machine. */
const GRAVE: ReadonlySet<FailureKind> = new Set(['outcome', 'invariant', 'exception', 'deadlock'])

/** Whether a failure of this kind comes before a livelock and a data race. */
export function isGrave(kind: FailureKind): boolean {
  return GRAVE.has(kind)
}

/** For sorting: the graver kind first, of these the fewest preemptions, then the fewest steps. */
export function bySeverity(one: Failure, other: Failure): number {
  return (
    Number(isGrave(other.kind)) - Number(isGrave(one.kind)) ||
    one.preemptions - other.preemptions ||
    one.steps - other.steps
  )
}
