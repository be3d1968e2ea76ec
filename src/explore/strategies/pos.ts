/**
 * POS, partial order sampling: each pending access has a random priority, and the access with the highest is performed.
 * The accesses that race with it then draw new priorities, so that the two orders of a race are about equally likely.
 * After X. Yuan, J. Yang, R. Gu, "Partial Order Aware Concurrency Sampling", CAV 2018.
 */
import type { Access } from '../model/access.ts'
import { Status } from '../model/actor.ts'
import type { Actor } from '../model/actor.ts'
import { mayDepend } from '../model/dependence.ts'
import { randomNumbers } from '../model/random-numbers.ts'
import type { World } from '../model/world.ts'
import type { Strategy } from './strategy.ts'

export class PartialOrderSampling implements Strategy {
  readonly name = 'pos'
  readonly complete = false
  readonly #world: World
  readonly #random: () => number
  #priorities: number[] = []

  constructor(world: World, seed: number) {
    this.#world = world
    this.#random = randomNumbers(seed)
  }

  next(): number {
    this.#priorities = this.#world.actors.map(() => this.#random())
    return 0
  }

  choose(enabled: number): number {
    let best = -1
    for (const { index } of this.#world.actors) {
      if ((enabled & (1 << index)) === 0) continue
      if (best < 0 || this.#priorities[index]! > this.#priorities[best]!) best = index
    }
    this.#redraw(best, enabled)
    return best
  }

  /** Draws new priorities for the chosen actor and for each actor whose next access races with the chosen one. */
  #redraw(chosen: number, enabled: number): void {
    const access = nextOf(this.#world.actors[chosen]!)
    for (const actor of this.#world.actors) {
      if ((enabled & (1 << actor.index)) === 0) continue
      const other = nextOf(actor)
      if (actor.index === chosen || (access !== undefined && other !== undefined && mayDepend(access, other))) {
        this.#priorities[actor.index] = this.#random()
      }
    }
  }
}

/** Returns the actor's next access: its pending one, or the wait that it sleeps in. */
function nextOf(actor: Actor): Access | undefined {
  return actor.status === Status.WAITING ? actor.waiting?.access : actor.pending
}
