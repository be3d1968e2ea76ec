/** The kinds of failure that a schedule can show. */

export const FAILURE_KINDS = [
  'outcome',
  'invariant',
  'not-linearizable',
  'exception',
  'deadlock',
  'livelock',
  'data-race',
] as const

/**
 * What went wrong in a schedule: the kind of a failure.
 *
 * - `outcome`: all actors ended, and the outcome is graded forbidden or is not listed.
 * - `invariant`: all actors ended, and `invariant()` threw or returned false.
 * - `not-linearizable`: all calls of a client returned, and no order of them explains what they returned.
 * - `exception`: an actor threw.
 * - `deadlock`: no actor can take a step, and at least one sleeps in `Atomics.wait` without a notify to come.
 * - `livelock`: no actor can make progress, and at least one repeats a loop that nothing will end.
 * - `data-race`: two accesses to the same bytes are not ordered by synchronization, at least one writes, and they are
 *   not both atomic accesses to exactly the same bytes.
 */
export type FailureKind = (typeof FAILURE_KINDS)[number]
