/** How an agent waits for another one. */
import { FIRST_THREAD } from '../sync/agent.ts'
import { SessionBusyError } from './errors.ts'

/** One agent's way to wait. */
export class Waiting {
  /** For how many milliseconds the agent waits for a step of another one. */
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
