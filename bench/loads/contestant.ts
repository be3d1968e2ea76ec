/**
 * A contestant: a primitive, or the raw atomics beside it, a thousand times over.
 *
 * Each has a loop of its own, though they look alike: one loop that is handed the body would call it through a pointer, and
 * that call would cost the raw atomics more than themselves.
 */

/** What a contestant has: the words, and which of how many threads it is. */
export interface Seat {
  readonly words: Int32Array
  readonly index: number
  readonly workers: number
}

/** Makes what does one batch. */
export type Contestant = (seat: Seat) => () => void

/** Operations a batch, so that what is measured is the primitive and not the clock. */
export const BATCH = 1000
