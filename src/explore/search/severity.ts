/**
 * The order in which failures are shown: the gravest first.
 */
import type { FailureKind } from '../subject/failure-kind.ts'
import type { Failure } from './result.ts'

/**
 * Failures that are certain. A livelock may only be a slow loop, and a data race may have no visible effect on a
 * machine.
 */
const GRAVE: ReadonlySet<FailureKind> = new Set(['outcome', 'invariant', 'not-linearizable', 'exception', 'deadlock'])

/** Whether a failure of this kind is graver than a livelock or a data race. */
export function isGrave(kind: FailureKind): boolean {
  return GRAVE.has(kind)
}

/** Compares two failures for sorting: a grave kind first, then fewer preemptions first, then fewer steps first. */
export function bySeverity(one: Failure, other: Failure): number {
  return (
    Number(isGrave(other.kind)) - Number(isGrave(one.kind)) ||
    one.preemptions - other.preemptions ||
    one.steps - other.steps
  )
}
