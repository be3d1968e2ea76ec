import { RacelabError, shown } from '../errors.ts'

/**
 * Thrown when an agent unlocks a lock that it does not hold, or marks its data as consistent. The lock is unchanged.
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

  constructor(lock: string, agent: number, held: string, act: 'unlock' | 'repair' = 'unlock') {
    super(`Agent ${agent} cannot ${act} the ${lock}: ${held}. ${ADVICE[act]}.`)
  }
}

const ADVICE = {
  unlock: 'Unlock once for each lock, on the thread that locked',
  repair: 'Lock it first',
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

/**
 * Thrown to every agent that locks a robust lock whose data are lost: an owner died inside, the next owner was told, and unlocked
 * without having called `markConsistent`. Nothing can be done with the lock any more.
 *
 * @example
 * const words = new Int32Array(new SharedArrayBuffer(4 * RobustMutex.WORDS))
 * words[0] = 100 << 2 // as if thread 99 had locked the mutex and was killed
 * const mutex = new RobustMutex(words, 0)
 * mutex.recover(99)
 * mutex.lock() // 'owner-died'
 * mutex.unlock()
 * let code
 * try {
 *   mutex.lock()
 * } catch (error) {
 *   code = error.code
 * }
 * code // 'ERR_RACELAB_NOT_RECOVERABLE'
 */
export class NotRecoverableError extends RacelabError {
  readonly code = 'ERR_RACELAB_NOT_RECOVERABLE'

  constructor() {
    super(
      'The lock is not recoverable: an agent was told that the last owner had died, and unlocked without calling markConsistent. ' +
        'Make the data anew, with a lock on fresh words.',
    )
  }
}

/**
 * Thrown by a thread that attends others, when it has waited too long for another thread that is inside a robust lock. The lock is
 * unchanged. If the other thread was killed and is attended, the event of its exit recovers the lock: give the event loop a turn and try
 * again. A thread that does not attend others waits without this error.
 *
 * @example
 * const error = new LockBusyError(3, 1000)
 * error.threadId // 3
 */
export class LockBusyError extends RacelabError {
  readonly code = 'ERR_RACELAB_LOCK_BUSY'

  /** The id of the thread that was waited for. */
  readonly threadId: number

  constructor(threadId: number, waited: number) {
    super(
      `Thread ${threadId} has not left the lock within ${waited} ms: it is busy or suspended, or it was killed. ` +
        'Try again after a turn of the event loop; if the thread was killed and is not attended, call recover.',
    )
    this.threadId = threadId
  }
}

/**
 * Thrown when an agent reads for the first time and a robust read-write lock has no room for one more reader. The lock is unchanged.
 *
 * @example
 * const words = new Int32Array(new SharedArrayBuffer(4 * RobustRwLock.words(1)))
 * words[2] = 100 << 1 // as if thread 99 had read
 * let code
 * try {
 *   new RobustRwLock(words, 0, 1).readLock()
 * } catch (error) {
 *   code = error.code
 * }
 * code // 'ERR_RACELAB_TOO_MANY_READERS'
 */
export class TooManyReadersError extends RacelabError {
  readonly code = 'ERR_RACELAB_TOO_MANY_READERS'

  constructor(readers: number) {
    super(
      `The lock has room for ${readers} threads that read, and as many have read and were not recovered. ` +
        'Make it with more readers, and attend the threads, so that each gives its room back when it has ended.',
    )
  }
}

/**
 * Thrown when a thread is to be recovered that lives, or is to be attended and does not run. Nothing has been changed.
 *
 * @example
 * import { threadId } from 'node:worker_threads'
 *
 * const mutex = new RobustMutex(new Int32Array(new SharedArrayBuffer(4 * RobustMutex.WORDS)), 0)
 * let code
 * try {
 *   mutex.recover(threadId) // the calling thread lives
 * } catch (error) {
 *   code = error.code
 * }
 * code // 'ERR_RACELAB_THREAD'
 */
export class ThreadError extends RacelabError {
  readonly code = 'ERR_RACELAB_THREAD'

  constructor(what: string, todo: string) {
    super(`${what}. ${todo}.`)
  }
}
