/**
 * Deadlines: one time limit over any number of sleeps. A sleep can end early, because another agent was faster after the
 * wake-up; the next sleep must then be shorter by the time that has passed.
 */
import { SyncRangeError } from './errors.ts'

export interface Deadline {
  /** Returns the milliseconds left, as Atomics.wait takes them: 0 when the deadline has passed, Infinity when there is none. */
  left(): number
}

/** The deadline that never passes. It does not read the clock. */
export const NEVER: Deadline = { left: () => Infinity }

/**
 * Returns the deadline that passes in `milliseconds`: with 0 it has passed already, with Infinity it never passes. Throws
 * SyncRangeError unless `milliseconds` is a number and not negative.
 */
export function deadlineIn(milliseconds: number): Deadline {
  if (typeof milliseconds !== 'number' || !(milliseconds >= 0))
    throw new SyncRangeError(
      'The timeout',
      milliseconds,
      'a number of milliseconds, at least 0, or Infinity to wait without a limit',
    )
  if (milliseconds === Infinity) return NEVER
  const end = performance.now() + milliseconds
  return { left: () => Math.max(0, end - performance.now()) }
}
