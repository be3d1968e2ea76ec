/**
 * Gates: whether the call that an actor has come to would go through, for calls of methods that a contract makes one step. Before
 * such a call, an actor whose call would have to wait is held. It is found out by a trial: the actor goes on alone, without effect.
 */
import { Kind, sameOperand } from '../model/access.ts'
import type { Access } from '../model/access.ts'
import type { Actor } from '../model/actor.ts'
import type { Operand } from '../model/elements.ts'
import { current } from '../model/perform.ts'
import type { World } from '../model/world.ts'
import type { Lookahead } from './lookahead.ts'

/** Whether a call goes through where its reads find these values. */
interface Trial {
  readonly open: boolean
  readonly reads: readonly Access[]
  readonly values: readonly Operand[]
}

export class Gates {
  readonly #world: World
  readonly #lookahead: Lookahead
  /** By the first access of a call. The actor is in the same state whenever it comes to this access. */
  readonly #trials = new WeakMap<Access, Trial[]>()

  constructor(world: World, lookahead: Lookahead) {
    this.#world = world
    this.#lookahead = lookahead
  }

  /** Finds out for each actor what is not known yet. The caller must call it while no actor runs. */
  update(): void {
    for (const actor of this.#world.actors) if (isUnknown(actor)) this.#look(actor)
  }

  #look(actor: Actor): void {
    const { open, reads } = this.#known(actor.pending!) ?? this.#try(actor)
    if (open) actor.open = reads
    else actor.spin = { reads, cut: false, closed: true }
  }

  /** Returns the trial in which the call would find what it would find now. */
  #known(first: Access): Trial | undefined {
    const trials = this.#trials.get(first)
    return trials?.find(({ reads, values }) =>
      reads.every((read, index) => sameOperand(this.#valueOf(read), values[index])),
    )
  }

  #try(actor: Actor): Trial {
    const { open, reads } = this.#lookahead.tryCall(actor)
    const trial = { open, reads, values: reads.map((read) => this.#valueOf(read)) }
    const first = actor.pending!
    this.#trials.set(first, [...(this.#trials.get(first) ?? []), trial])
    return trial
  }

  /** What an access finds: a value, or the number of sleepers. */
  #valueOf({ kind, view, index, at, second }: Access): Operand {
    return kind === Kind.NOTIFY ? this.#world.queues.lengthAt(at) : current(kind, view, index, second)
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
