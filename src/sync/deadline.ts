/**
 * Deadlines: "at most so many milliseconds" over any number of sleeps. A sleep can end early (a wake-up that somebody else
 * used), and the next must be shorter by the time that has gone.
 */
import { SyncRangeError } from './errors.ts'

export interface Deadline {
  /** Milliseconds left: 0 when it has passed, Infinity when there is none. What Atomics.wait takes. */
  left(): number
}

/** Never passes, and costs no look at the clock. */
export const NEVER: Deadline = { left: () => Infinity }

/** Passes in so many milliseconds; 0 has passed already, Infinity never does. */
export function deadlineIn(milliseconds: number): Deadline {
  if (typeof milliseconds !== 'number' || !(milliseconds >= 0))
    throw new SyncRangeError(
      'The timeout',
      milliseconds,
      'a number of milliseconds from 0, or Infinity to wait for ever',
    )
  if (milliseconds === Infinity) return NEVER
  const end = performance.now() + milliseconds
  return { left: () => Math.max(0, end - performance.now()) }
}
