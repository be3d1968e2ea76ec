/**
 * Brute force: runs every interleaving, depth first. With a bound on preemptions, it runs every interleaving that has
 * at most that number of preemptions; most bugs need only one or two. After M. Musuvathi and S. Qadeer, "Iterative
 * Context Bounding for Systematic Testing", PLDI 2007.
 */
import type { World } from '../model/world.ts'
import { lowest, preferring } from './strategy.ts'
import type { Strategy } from './strategy.ts'

export class DepthFirst implements Strategy {
  readonly name = 'dfs'
  readonly #world: World
  readonly #bound: number
  /** For each step of the current schedule: the set of actors that could take it and have not been tried there. */
  readonly #untried: number[] = []
  /** For each step, the number of preemptions before it. */
  readonly #preemptions: number[] = []
  #begun = false
  #cut = false

  constructor(world: World, bound = Infinity) {
    this.#world = world
    this.#bound = bound
  }

  /** Whether the bound has left out no schedule. */
  get complete(): boolean {
    return !this.#cut
  }

  next(): number | undefined {
    if (!this.#begun) {
      this.#begun = true
      return 0
    }
    while (this.#untried.at(-1) === 0) this.#untried.pop()
    return this.#untried.length === 0 ? undefined : this.#untried.length - 1
  }

  choose(enabled: number): number {
    const depth = this.#world.units.length
    const last = this.#world.units[depth - 1]?.actor.index
    if (depth < this.#untried.length) {
      const untried = this.#untried[depth]!
      const actor = lowest(untried)
      this.#untried[depth] = untried & ~(1 << actor)
      this.#count(depth, last, actor, enabled)
      return actor
    }
    const actor = preferring(last, enabled)
    const others = enabled & ~(1 << actor)
    this.#untried.push(this.#withinBound(depth, last, enabled) ? others : 0)
    this.#count(depth, last, actor, enabled)
    return actor
  }

  /** Whether an actor other than `last` may take this step without exceeding the bound. */
  #withinBound(depth: number, last: number | undefined, enabled: number): boolean {
    const preempts = last !== undefined && (enabled & (1 << last)) !== 0
    if (!preempts || (this.#preemptions[depth] ?? 0) < this.#bound) return true
    if ((enabled & ~(1 << last)) !== 0) this.#cut = true
    return false
  }

  #count(depth: number, last: number | undefined, actor: number, enabled: number): void {
    const preempts = last !== undefined && last !== actor && (enabled & (1 << last)) !== 0
    this.#preemptions[depth + 1] = (this.#preemptions[depth] ?? 0) + Number(preempts)
  }
}
