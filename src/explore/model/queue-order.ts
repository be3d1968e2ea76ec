/**
 * Whether the order matters in which actors sleep on a word. It does once a notify wakes some of them and leaves others:
 * the first come are the first woken. Until then a sleeper whose time runs out, and who lies down again behind the others,
 * has changed nothing. That is learnt on the way: when an order turns out to matter that was taken not to, the exploration
 * starts over, and knows.
 */
export class QueueOrder {
  /** Whether an order has mattered that was taken not to. */
  broken = false
  readonly #matters = new Set<number>()
  readonly #taken = new Set<number>()

  /** A notify has woken sleepers at an address, and left others asleep. */
  note(at: number): void {
    if (this.#matters.has(at)) return
    this.#matters.add(at)
    if (this.#taken.has(at)) this.broken = true
  }

  /** Whether the order of the sleepers at an address is known to matter. If not, the caller relies on it. */
  matters(at: number): boolean {
    if (!this.#matters.has(at)) this.#taken.add(at)
    return this.#matters.has(at)
  }
}
