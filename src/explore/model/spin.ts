import type { Access } from './access.ts'

/** The loop in which an actor is held, or the call of a covered method that would not go through. */
export interface Spin {
  /** What a round of the loop, or the call, reads. When a step changes one of these, the actor goes on. */
  readonly reads: readonly Access[]
  /** Whether the loop was cut off. If not, it is known to carry nothing. */
  readonly cut: boolean
  /** Whether the actor is held before a call that would not go through. */
  readonly closed?: boolean
}
