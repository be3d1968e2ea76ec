/**
 * Whether the order of the actors that sleep on a word matters. It does once a notify wakes some of them and leaves
 * others asleep: the first to come are the first to be woken. Until then, a sleeper that times out and then waits
 * again, behind the others, has changed nothing. The explorer learns this on the way: when an order matters that was
 * taken not to matter, the exploration starts over with that knowledge.
 */
import { replaceAll } from './learnt.ts'
import type { Learnt } from './learnt.ts'

export class QueueOrder {
  /** Whether an order has turned out to matter after the exploration relied on its not mattering. */
  broken = false
  readonly #matters = new Set<number>()
  readonly #reliedOn = new Set<number>()

  get learnt(): Pick<Learnt, 'orderMatters' | 'orderReliedOn'> {
    return { orderMatters: [...this.#matters], orderReliedOn: [...this.#reliedOn] }
  }

  /** Knows from now on what a search has learnt, and nothing else. */
  recall({ orderMatters, orderReliedOn }: Pick<Learnt, 'orderMatters' | 'orderReliedOn'>): void {
    replaceAll(this.#matters, orderMatters)
    replaceAll(this.#reliedOn, orderReliedOn)
  }

  /** Records that a notify has woken sleepers at an address and left others asleep. */
  note(at: number): void {
    if (this.#matters.has(at)) return
    this.#matters.add(at)
    if (this.#reliedOn.has(at)) this.broken = true
  }

  /**
   * Whether the order of the sleepers at an address is known to matter. After the answer false the exploration relies
   * on it, and starts over if it proves wrong.
   */
  matters(at: number): boolean {
    if (!this.#matters.has(at)) this.#reliedOn.add(at)
    return this.#matters.has(at)
  }
}
