import type { Access } from './access.ts'

/** An actor that is held in a loop. */
export interface Spin {
  /** What its round reads: when one of these changes, the actor goes on. */
  readonly reads: readonly Access[]
  /** Whether the loop was cut off; if not, it is known to carry nothing. */
  readonly cut: boolean
}
