/** The threads that this thread recovers in a store, each as soon as it has exited. */
import { attend, endedAgent } from '../sync/attend.ts'
import type { Attended } from '../sync/attend.ts'
import { recover } from './operations/recover.ts'
import type { Recovery } from './operations/recover.ts'
import type { SessionStore } from './store.ts'
import { DEFAULT_PATIENCE_MS } from './waiting.ts'

/** The workers of one store that this thread attends. */
export class Attendance {
  readonly #store: SessionStore

  constructor(store: SessionStore) {
    this.#store = store
  }

  /** Recovers a worker when it has exited. Throws ThreadError for what is no worker, or one that has exited. */
  attend(worker: Attended): void {
    attend(worker, [this])
    // A thread that waited without end would never learn that a worker has exited.
    this.#store.waiting.patience = Math.min(this.#store.waiting.patience, DEFAULT_PATIENCE_MS)
  }

  /** Mends what a thread has left that has ended. Throws ThreadError for a thread that this thread knows to live. */
  recover(threadId: number): Recovery {
    return recover(this.#store, endedAgent(threadId))
  }
}
