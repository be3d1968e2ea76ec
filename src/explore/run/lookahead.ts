/**
 * Looking ahead: runs an actor alone, without effect, to learn whether its loop would end by itself. If so it is worth
 * following to its end; which loops are looked at, see spins/spins.ts.
 */
import type { Access } from '../model/access.ts'
import { Kind, mayWrite, sameOperand } from '../model/access.ts'
import type { Actor } from '../model/actor.ts'
import { current, elementOf, perform, putBack } from '../model/perform.ts'
import type { Runs } from './runs.ts'
import type { World } from '../model/world.ts'

/** A loop that asks this often in a row for what changes nothing is taken to be endless. */
const SPIN_LIMIT = 5000

export class Lookahead {
  /** How much the actor that runs alone has asked for beyond its log. */
  steps = 0
  readonly #runs: Runs
  readonly #world: World
  #endless = false

  constructor(runs: Runs, world: World) {
    this.#runs = runs
    this.#world = world
  }

  /** How many accesses an actor would come to before its end, if no other took a step; undefined if too many. */
  stepsToEnd(actor: Actor): number | undefined {
    this.steps = 0
    this.#endless = false
    // A sleeper is asked what it would do if its time ran out.
    if (actor.waiting !== undefined) actor.waiting.result = 'timed-out'
    this.#runs.resume(actor, 'alone')
    actor.cursor = actor.log.length
    if (actor.waiting !== undefined) actor.waiting.result = undefined
    return this.#endless ? undefined : this.steps
  }

  /** Answers an access as it would be answered now, unless that would change something: then the loop has an end. */
  pretend(access: Access): unknown {
    const { kind, view, index, at, first, second } = access
    this.count()
    if (kind === Kind.NOTIFY) return this.#world.queues.lengthAt(at) === 0 ? 0 : this.#runs.unwind()
    if (kind === Kind.WAIT) {
      if (elementOf(view, index) !== access.expected) return 'not-equal'
      return access.timeout === Infinity ? this.#runs.unwind() : 'timed-out'
    }
    if (!mayWrite(kind)) return perform(kind, view, index, first, second)
    const before = current(kind, view, index, second)
    const result = perform(kind, view, index, first, second)
    if (sameOperand(current(kind, view, index, second), before)) return result
    putBack(view, index, before)
    return this.#runs.unwind()
  }

  /** Counts what the actor that runs alone asks for, and ends its run when that is enough. */
  count(): void {
    if (++this.steps <= SPIN_LIMIT) return
    this.#endless = true
    this.#runs.unwind()
  }
}
