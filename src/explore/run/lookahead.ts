/**
 * Lookahead: runs an actor alone, without effect, to find out whether its loop would end by itself. If so, the loop is
 * worth following to its end. spins/spins.ts decides which loops are examined.
 */
import type { Access } from '../model/access.ts'
import { Kind, mayWrite, sameOperand } from '../model/access.ts'
import type { Actor } from '../model/actor.ts'
import { current, elementOf, perform, putBack } from '../model/perform.ts'
import type { Runs } from './runs.ts'
import type { World } from '../model/world.ts'

/** A loop with this many accesses in a row that change nothing is taken to be endless. */
const SPIN_LIMIT = 5000

/** Runs actors alone. */
export class Lookahead {
  /** How many accesses and local values the actor has asked for beyond its log. */
  steps = 0
  readonly #runs: Runs
  readonly #world: World
  #endless = false

  constructor(runs: Runs, world: World) {
    this.#runs = runs
    this.#world = world
  }

  /**
   * Returns how many accesses and local values an actor would ask for before it ends, sleeps or changes something, if
   * no other actor took a step; undefined if there are more than SPIN_LIMIT.
   */
  stepsToEnd(actor: Actor): number | undefined {
    this.steps = 0
    this.#endless = false
    // A sleeper runs as if its wait had timed out.
    if (actor.waiting !== undefined) actor.waiting.result = 'timed-out'
    this.#runs.resume(actor, 'alone')
    actor.cursor = actor.log.length
    if (actor.waiting !== undefined) actor.waiting.result = undefined
    return this.#endless ? undefined : this.steps
  }

  /**
   * Answers an access as it would be answered now. If the access would change something or sleep, the loop has an end,
   * and the run is stopped.
   */
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

  /** Counts an access or local value, and stops the run when there are too many. */
  count(): void {
    if (++this.steps <= SPIN_LIMIT) return
    this.#endless = true
    this.#runs.unwind()
  }
}
