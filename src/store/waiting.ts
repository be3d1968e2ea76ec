/** How an agent waits for another one. */
import { FIRST_THREAD } from '../sync/agent.ts'
import { SessionBusyError } from './errors.ts'

/**
 * For how many milliseconds an operation waits, unless its manager was made with another patience. A step takes microseconds, so a thread
 * that needs longer is suspended, was killed, or does not exist: the memory may be damaged.
 */
export const DEFAULT_PATIENCE_MS = 500

/** One agent's way to wait. */
export class Waiting {
  /**
   * For how many milliseconds the agent waits for a step of another one. SessionManager sets it. Without end, a wait is one step for the
   * explorer; with an end, it can also end at any moment.
   */
  patience = Infinity
  readonly #words: Int32Array

  constructor(words: Int32Array) {
    this.#words = words
  }

  /**
   * Sleeps until the word at `at` is no longer `value`, or an agent notifies it. Throws SessionBusyError, which names the thread of
   * `agent`, if that takes longer than `patience`.
   */
  for(agent: number, at: number, value: number): void {
    const { patience } = this
    if (patience === Infinity) Atomics.wait(this.#words, at, value)
    else if (Atomics.wait(this.#words, at, value, patience) === 'timed-out')
      throw new SessionBusyError(agent - FIRST_THREAD, patience)
  }
}
