import { RacelabError } from '../errors.ts'

/** A history that cannot have happened, or that is not written as one. */
export class HistoryError extends RacelabError {
  readonly code = 'ERR_RACELAB_HISTORY'
}

/** A model that is not one, or an operation that it does not have. */
export class ModelError extends RacelabError {
  readonly code = 'ERR_RACELAB_MODEL'
}
