import { RacelabError, shown } from '../errors.ts'

/** An agent unlocked what it does not hold. The primitive is as it was. */
export class NotOwnerError extends RacelabError {
  readonly code = 'ERR_RACELAB_NOT_OWNER'

  constructor(what: string, agent: number, held: string) {
    super(`Agent ${agent} cannot unlock the ${what}: ${held}. Unlock once for each lock, on the thread that locked.`)
  }
}

/** An agent locked what it holds already: it would wait for itself for ever. The primitive is as it was. */
export class RelockError extends RacelabError {
  readonly code = 'ERR_RACELAB_RELOCK'

  constructor(what: string, agent: number) {
    super(`Agent ${agent} holds the ${what} already and would wait for itself: it is not reentrant. Unlock it first.`)
  }
}

/** More permits came back than were given out. The semaphore is as it was. */
export class OverReleaseError extends RacelabError {
  readonly code = 'ERR_RACELAB_OVER_RELEASE'

  constructor(released: number, out: number) {
    super(`Cannot release ${released} permits: only ${out} are out. Release what was acquired, once.`)
  }
}

/** What a primitive was made or called with is no number in its range, or no words. Nothing was changed. */
export class SyncRangeError extends RacelabError {
  readonly code = 'ERR_RACELAB_SYNC_RANGE'

  constructor(what: string, got: unknown, wanted: string) {
    super(`${what} is ${shown(got)}; it must be ${wanted}.`)
  }
}

/** A thread came to a gate or a barrier that was meant for fewer. */
export class TooManyArrivalsError extends RacelabError {
  readonly code = 'ERR_RACELAB_TOO_MANY_ARRIVALS'

  constructor(parties: number) {
    super(`One thread too many arrived: ${parties} were expected. Make it for as many as come, on fresh words.`)
  }
}
