/**
 * The queue of sleepers of each location. As the specification says for Atomics.wait and notify, a notify
 * first wakes the sleeper that joined the queue first.
 */
import type { Step } from './actor.ts'

/** The sleepers of all locations. */
export class WaitQueues {
  readonly #queues = new Map<number, Step[]>()

  /** Adds a sleeper at the end of its queue. */
  join(wait: Step): void {
    const queue = this.#queues.get(wait.access.at)
    if (queue === undefined) this.#queues.set(wait.access.at, [wait])
    else queue.push(wait)
  }

  /** Removes the first `count` sleepers and returns them. */
  take(at: number, count: number): Step[] {
    return this.#queues.get(at)?.splice(0, count) ?? []
  }

  /** Puts the sleepers that `take` removed back at the front of the queue. */
  putBack(at: number, waits: readonly Step[]): void {
    this.#queues.get(at)?.unshift(...waits)
  }

  /** Removes a sleeper from any position, and returns the position. */
  leave(wait: Step): number {
    const queue = this.#queues.get(wait.access.at) ?? []
    const position = queue.indexOf(wait)
    queue.splice(position, 1)
    return position
  }

  /** Puts a sleeper back at the position from which `leave` removed it. */
  insert(wait: Step, position: number): void {
    this.#queues.get(wait.access.at)?.splice(position, 0, wait)
  }

  lengthAt(at: number): number {
    return this.#queues.get(at)?.length ?? 0
  }
}
