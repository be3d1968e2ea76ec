/**
 * Who sleeps where, first come first woken, as the specification has it for Atomics.wait and notify.
 */
import type { Step } from './actor.ts'

export class WaitQueues {
  readonly #queues = new Map<number, Step[]>()

  join(wait: Step): void {
    const queue = this.#queues.get(wait.access.at)
    if (queue === undefined) this.#queues.set(wait.access.at, [wait])
    else queue.push(wait)
  }

  /** Takes the first `count` sleepers out. */
  take(at: number, count: number): Step[] {
    return this.#queues.get(at)?.splice(0, count) ?? []
  }

  /** Undoes `take`. */
  putBack(at: number, waits: readonly Step[]): void {
    this.#queues.get(at)?.unshift(...waits)
  }

  /** Takes one sleeper out, wherever it stands; returns where. */
  leave(wait: Step): number {
    const queue = this.#queues.get(wait.access.at) ?? []
    const place = queue.indexOf(wait)
    queue.splice(place, 1)
    return place
  }

  /** Undoes `leave`. */
  insert(wait: Step, place: number): void {
    this.#queues.get(wait.access.at)?.splice(place, 0, wait)
  }

  lengthAt(at: number): number {
    return this.#queues.get(at)?.length ?? 0
  }
}
