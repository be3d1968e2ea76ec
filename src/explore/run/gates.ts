/**
 * Gates: whether the call that an actor has come to would go through, for calls of methods that a contract makes one step. Before
 * such a call, an actor whose call would have to wait is held. It is found out by a trial: the actor goes on alone, without effect.
 */
import type { Actor } from '../model/actor.ts'
import type { World } from '../model/world.ts'
import type { Lookahead } from './lookahead.ts'

export class Gates {
  readonly #world: World
  readonly #lookahead: Lookahead

  constructor(world: World, lookahead: Lookahead) {
    this.#world = world
    this.#lookahead = lookahead
  }

  /** Finds out for each actor what is not known yet. The caller must call it while no actor runs. */
  update(): void {
    for (const actor of this.#world.actors) if (isUnknown(actor)) this.#look(actor)
  }

  #look(actor: Actor): void {
    const { open, reads } = this.#lookahead.tryCall(actor)
    if (open) actor.open = reads
    else actor.spin = { reads, cut: false, closed: true }
  }

  /** Forgets all, after steps were undone. */
  forget(): void {
    for (const actor of this.#world.actors) {
      actor.open = undefined
      if (actor.spin?.closed === true) actor.spin = undefined
    }
  }
}

function isUnknown({ pending, ended, spin, open }: Actor): boolean {
  return pending?.opens === true && ended === undefined && spin === undefined && open === undefined
}
