/** The threads that this thread attends: it recovers each as soon as that has exited. */
import { threadId as ownThread } from 'node:worker_threads'
import { FIRST_THREAD } from '../sync/agent.ts'
import { shown } from '../errors.ts'
import { ThreadError } from './errors.ts'
import { recover } from './operations/recover.ts'
import type { Recovery } from './operations/recover.ts'
import type { SessionStore } from './store.ts'
import { DEFAULT_PATIENCE_MS } from './waiting.ts'

/** A worker that can be attended. A `Worker` of `node:worker_threads` is one; the type needs no types of Node. */
export interface Attended {
  /** Negative once the worker has exited. */
  readonly threadId: number
  once(event: 'exit', listener: () => void): unknown
}

/** The threads that this thread attends in any store, and that have not exited. */
const living = new Set<number>()

/** The workers of one store that this thread attends. */
export class Attendance {
  readonly #store: SessionStore
  readonly #workers = new WeakSet<Attended>()

  constructor(store: SessionStore) {
    this.#store = store
  }

  /** Recovers a worker when it has exited. Throws ThreadError for what is no worker, or one that has exited. */
  attend(worker: Attended): void {
    if (typeof worker?.once !== 'function' || !Number.isInteger(worker.threadId))
      throw new ThreadError(`The worker is ${shown(worker)}`, 'Give a Worker of node:worker_threads')
    const id = worker.threadId
    if (id < 0) throw new ThreadError('The worker has exited', 'Attend a worker as soon as it is made')
    if (this.#workers.has(worker)) return
    this.#workers.add(worker)
    living.add(id)
    // A thread that waited without end would never learn that a worker has exited.
    this.#store.waiting.patience = Math.min(this.#store.waiting.patience, DEFAULT_PATIENCE_MS)
    worker.once('exit', () => {
      living.delete(id)
      this.recover(id)
    })
  }

  /** Mends what a thread has left that has ended. Throws ThreadError for a thread that this thread knows to live. */
  recover(threadId: number): Recovery {
    if (!Number.isInteger(threadId) || threadId < 0)
      throw new ThreadError(`The id of the thread is ${shown(threadId)}`, 'Give the threadId that the worker had')
    if (threadId === ownThread) throw new ThreadError(`Thread ${threadId} is the calling thread`, WHEN_ENDED)
    if (living.has(threadId)) throw new ThreadError(`Thread ${threadId} has not exited`, WHEN_ENDED)
    return recover(this.#store, threadId + FIRST_THREAD)
  }
}

const WHEN_ENDED = 'Recover a thread when it has ended'
