/**
 * The workers that this thread attends: what a worker has left in shared memory is recovered as soon as it has exited. That a thread is
 * dead is only ever known from its exit event, never from a time-out.
 */
import { FIRST_THREAD, currentAgent } from './agent.ts'
import { shown } from '../errors.ts'
import { ThreadError } from './errors.ts'

/** A worker that can be attended. A `Worker` of `node:worker_threads` is one; the type needs no types of Node. */
export interface Attended {
  /** Negative once the worker has exited. */
  readonly threadId: number
  once(event: 'exit', listener: () => void): unknown
}

/** What can be recovered after a thread has died: a `RobustMutex` or a `RobustRwLock`. */
export interface Recoverable {
  /** Frees what the dead thread held. It must be harmless for a thread that held nothing, and when it is done again. */
  recover(threadId: number): unknown
}

/** For how many milliseconds a thread waits for another one, if it attends threads. */
export const PATIENCE_MS = 1000

/** What is recovered for each worker that has not exited, and their threads' ids. */
const attended = new Map<Attended, Set<Recoverable>>()
const living = new Set<number>()

/**
 * Recovers the locks as soon as the worker has exited, for whatever reason: after that, no agent waits for the dead thread any more. Call
 * it on the thread that has made the worker, as soon as the worker is made. To attend a worker again, with the same locks or with more,
 * is allowed.
 *
 * The exit event needs the event loop. So while the worker lives, each wait of this thread for a robust lock ends after a second with
 * LockBusyError; `writeLock` has two waits. Throws ThreadError for what is no worker, or one that has exited.
 *
 * For a pool of piscina's, one line attends all its workers, also those that it starts later:
 * `pool.on('workerCreate', () => pool.threads.forEach((worker) => attend(worker, [mutex])))`.
 *
 * @example
 * import { Worker } from 'node:worker_threads'
 * const mutex = new RobustMutex(new Int32Array(new SharedArrayBuffer(4 * RobustMutex.WORDS)), 0)
 * const worker = new Worker('setInterval(() => {}, 1000)', { eval: true })
 * attend(worker, [mutex])
 * await worker.terminate()
 * mutex.tryLock() // 'acquired': the worker was not inside
 */
export function attend(worker: Attended, locks: Iterable<Recoverable>): void {
  if (typeof worker?.once !== 'function' || !Number.isInteger(worker.threadId))
    throw new ThreadError(`The worker is ${shown(worker)}`, 'Give a Worker of node:worker_threads')
  const id = worker.threadId
  if (id < 0) throw new ThreadError('The worker has exited', 'Attend a worker as soon as it is made')
  const known = attended.get(worker) ?? new Set()
  for (const lock of locks) known.add(lock)
  if (attended.has(worker)) return
  attended.set(worker, known)
  living.add(id)
  worker.once('exit', () => {
    attended.delete(worker)
    living.delete(id)
    recoverAll(known, id)
  })
}

/** Recovers all of them, and then throws what the first recovery that failed has thrown. */
function recoverAll(locks: Iterable<Recoverable>, id: number): void {
  const failures: unknown[] = []
  for (const lock of locks) {
    try {
      lock.recover(id)
    } catch (failure) {
      failures.push(failure)
    }
  }
  if (failures.length > 0) throw failures[0]
}

/** Returns for how many milliseconds the calling thread may wait for another one: without end, unless it attends threads. */
export function patience(): number {
  return living.size === 0 ? Infinity : PATIENCE_MS
}

/**
 * Returns the agent of a thread that has ended. Throws ThreadError for what is no id of a thread, for the calling thread, and for one that
 * this thread attends and that has not exited.
 */
export function endedAgent(threadId: number): number {
  if (!Number.isInteger(threadId) || threadId < 0)
    throw new ThreadError(`The id of the thread is ${shown(threadId)}`, 'Give the threadId that the worker had')
  const agent = threadId + FIRST_THREAD
  if (agent === currentAgent()) throw new ThreadError(`Thread ${threadId} is the calling thread`, WHEN_ENDED)
  if (living.has(threadId)) throw new ThreadError(`Thread ${threadId} has not exited`, WHEN_ENDED)
  return agent
}

const WHEN_ENDED = 'Recover a thread when it has ended'
