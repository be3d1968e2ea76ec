import type { Access } from './access.ts'

/** The loop in which an actor is held. */
export interface Spin {
  /** What a round of the loop reads. When a step changes one of these, the actor goes on. */
  readonly reads: readonly Access[]
  /** Whether the loop was cut off. If not, it is known to carry nothing. */
  readonly cut: boolean
}
