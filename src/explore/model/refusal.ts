/**
 * The errors that end an exploration without a verdict on the code: the scenario did something that the explorer cannot
 * control, or behaved differently when it was run again. They become the verdict `error`, which is not a failure of the
 * code under test.
 */
import { RacelabError } from '../../errors.ts'

/** The scenario cannot be explored as it is. The message says what the obstacle is and what to do. */
export class Refusal extends RacelabError {
  readonly code: string = 'ERR_RACELAB_CANNOT_EXPLORE'
}

/** An actor did something different when it was run again with the same values read. */
export class Nondeterminism extends Refusal {
  override readonly code = 'ERR_RACELAB_NONDETERMINISM'
}
