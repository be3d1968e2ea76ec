/**
 * What ends an exploration without a verdict on the code: the scenario did something that the explorer cannot control, or
 * behaved differently when it was run again. These become the verdict `error`, never a failure of the code under test.
 */
import { RacelabError } from '../../errors.ts'

/** The scenario cannot be explored as it is; the message names what stands in the way and what to do. */
export class Refusal extends RacelabError {
  readonly code: string = 'ERR_RACELAB_CANNOT_EXPLORE'
}

/** An actor did something else when it was run again with the same values read. */
export class Nondeterminism extends Refusal {
  override readonly code = 'ERR_RACELAB_NONDETERMINISM'
}
