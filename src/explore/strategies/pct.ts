/**
 * PCT, probabilistic concurrency testing: each actor has a random priority, and the actor with the highest takes the
 * step. At d - 1 random steps, the actor that would run gets a priority below all others. With n actors and k steps,
 * each schedule finds a bug that needs d ordering constraints with a probability of at least 1 / (n k^(d-1)). After S.
 * Burckhardt, P. Kothari, M. Musuvathi, S. Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of
 * Finding Bugs", ASPLOS 2010.
 *
 * Departure from the paper: k is not a parameter; it is the length of the longest schedule so far.
 */
import { randomNumbers } from '../model/random-numbers.ts'
import type { World } from '../model/world.ts'
import type { Strategy } from './strategy.ts'

export class Pct implements Strategy {
  readonly name = 'pct'
  readonly complete = false
  readonly #world: World
  readonly #depth: number
  readonly #random: () => number
  #priorities: number[] = []
  /** The steps before which a priority changes. The change at index i gives the priority d - 1 - i. */
  #changes: number[] = []
  #longest = 1

  constructor(world: World, seed: number, depth = 3) {
    this.#world = world
    this.#depth = depth
    this.#random = randomNumbers(seed)
  }

  next(): number {
    this.#longest = Math.max(this.#longest, this.#world.units.length)
    this.#priorities = this.#world.actors.map(() => this.#depth + this.#random())
    this.#changes = Array.from({ length: this.#depth - 1 }, () => Math.floor(this.#random() * this.#longest))
    return 0
  }

  choose(enabled: number): number {
    const step = this.#world.units.length
    for (const [order, change] of this.#changes.entries()) {
      if (change === step) this.#priorities[this.#highest(enabled)] = this.#depth - 1 - order
    }
    return this.#highest(enabled)
  }

  #highest(enabled: number): number {
    let best = -1
    for (let actor = 0; actor < this.#priorities.length; actor++) {
      if ((enabled & (1 << actor)) === 0) continue
      if (best < 0 || this.#priorities[actor]! > this.#priorities[best]!) best = actor
    }
    return best
  }
}
