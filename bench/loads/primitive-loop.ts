/**
 * A primitive loop: a batch of operations of one primitive, or of the raw atomics that it is compared with.
 *
 * Each primitive has its own loop, although the loops look alike. A common loop would call each operation through a function
 * pointer, and that call would cost more than a raw atomic operation.
 */

/** What a loop works with: the shared words, and the thread's index among the workers. */
export interface LoopContext {
  readonly words: Int32Array
  readonly index: number
  readonly workers: number
}

/** Returns a function that does one batch. Called once on each thread. */
export type PrimitiveLoop = (context: LoopContext) => () => void

/** Operations of one batch: many, so that reading the clock adds little to the time of each. */
export const BATCH = 1000
