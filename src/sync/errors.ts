import { RacelabError, shown } from '../errors.ts'

/**
 * Thrown when an agent unlocks a lock that it does not hold. The lock is unchanged.
 *
 * @example
 * const mutex = new Mutex(new Int32Array(new SharedArrayBuffer(4 * Mutex.WORDS)), 0)
 * let code
 * try {
 *   mutex.unlock()
 * } catch (error) {
 *   code = error.code
 * }
 * code // 'ERR_RACELAB_NOT_OWNER'
 */
export class NotOwnerError extends RacelabError {
  readonly code = 'ERR_RACELAB_NOT_OWNER'

  constructor(lock: string, agent: number, held: string) {
    super(`Agent ${agent} cannot unlock the ${lock}: ${held}. Unlock once for each lock, on the thread that locked.`)
  }
}

/**
 * Thrown when an agent locks a lock that it already holds. Without the error, the agent would wait for itself forever. The
 * lock is unchanged.
 *
 * @example
 * const mutex = new Mutex(new Int32Array(new SharedArrayBuffer(4 * Mutex.WORDS)), 0)
 * mutex.lock()
 * let code
 * try {
 *   mutex.lock()
 * } catch (error) {
 *   code = error.code
 * }
 * code // 'ERR_RACELAB_RELOCK'
 */
export class RelockError extends RacelabError {
  readonly code = 'ERR_RACELAB_RELOCK'

  constructor(lock: string, agent: number) {
    super(
      `Agent ${agent} already holds the ${lock}, which is not reentrant: it would wait for itself. Unlock it first.`,
    )
  }
}

/**
 * Thrown when an agent releases more permits than are acquired. The semaphore is unchanged.
 *
 * @example
 * const semaphore = new Semaphore(new Int32Array(new SharedArrayBuffer(4 * Semaphore.WORDS)), 0, 3)
 * semaphore.acquire()
 * let code
 * try {
 *   semaphore.release(2)
 * } catch (error) {
 *   code = error.code
 * }
 * code // 'ERR_RACELAB_OVER_RELEASE'
 */
export class OverReleaseError extends RacelabError {
  readonly code = 'ERR_RACELAB_OVER_RELEASE'

  constructor(released: number, acquired: number) {
    super(
      `Cannot release ${released} permits: the number of acquired permits is ${acquired}. Release each acquired permit once.`,
    )
  }
}

/**
 * Thrown when a primitive is created or called with a number outside its range, or with no typed array. Nothing is changed.
 *
 * @example
 * let message
 * try {
 *   new Semaphore(new Int32Array(new SharedArrayBuffer(4 * Semaphore.WORDS)), 0, 0)
 * } catch (error) {
 *   message = error.message
 * }
 * message // 'The number of permits is 0; it must be a whole number from 1 to 2147483647.'
 */
export class SyncRangeError extends RacelabError {
  readonly code = 'ERR_RACELAB_SYNC_RANGE'

  constructor(what: string, got: unknown, wanted: string) {
    super(`${what} is ${shown(got)}; it must be ${wanted}.`)
  }
}

/**
 * Thrown when a thread arrives at a start gate or a barrier after all its parties have arrived. A barrier throws it only while
 * a round ends; at any other time it counts the thread as a party of the next round.
 *
 * @example
 * const gate = new StartGate(new Int32Array(new SharedArrayBuffer(4 * StartGate.WORDS)), 0, 1)
 * gate.arrive()
 * let code
 * try {
 *   gate.arrive()
 * } catch (error) {
 *   code = error.code
 * }
 * code // 'ERR_RACELAB_TOO_MANY_ARRIVALS'
 */
export class TooManyArrivalsError extends RacelabError {
  readonly code = 'ERR_RACELAB_TOO_MANY_ARRIVALS'

  constructor(parties: number) {
    super(
      `More than ${parties} threads arrived. Make the gate or barrier with the number of threads that arrive, on fresh words.`,
    )
  }
}
