/** The first step at which the scenario did something else than when the token was made. */
export interface Divergence {
  /** The number of the step in the schedule, counted from 1. */
  readonly step: number
  /** What differs, with the source line if it is known. */
  readonly message: string
}
