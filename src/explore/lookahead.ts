/**
 * Looking ahead in a loop: runs an actor alone, without effect, to learn whether it would go on as it does for ever. Which
 * loops to look ahead in, and why one that is endless may be held: see spin.ts.
 */
import type { Access } from './access.ts'
import { Kind, mayWrite, sameOperand } from './access.ts'
import type { Actor } from './actor.ts'
import { current, elementOf, perform, putBack } from './perform.ts'
import type { Runs } from './runs.ts'
import { lastRound } from './spin.ts'
import type { World } from './world.ts'

/** A loop that asks this often in a row for what changes nothing is taken to be endless. */
const SPIN_LIMIT = 5000
/** When nobody else can go on either, a spinner is given this much more before it is called a livelock. */
const PATIENCE = 100_000

export class Lookahead {
  /** How much the actor that runs alone has asked for beyond its log. */
  steps = 0
  readonly #runs: Runs
  readonly #world: World
  #spinLimit = SPIN_LIMIT
  #limit = 0
  #endless = false

  constructor(runs: Runs, world: World) {
    this.#runs = runs
    this.#world = world
  }

  /**
   * Holds an actor that is about to go once more through a loop that cannot end by itself. Returns whether the actor was
   * run to find out: its present run is then not to be gone on with, since the two may share what a module keeps.
   */
  hold(actor: Actor, next: Access): boolean {
    const round = lastRound(actor, next, this.#world.queues)
    if (round === undefined) return false
    if (this.#spins(actor, this.#spinLimit)) actor.spin = round
    return true
  }

  /** Nobody can go on: before that is called a livelock, are the loops really endless? Returns whether one was misjudged. */
  reconsider(): boolean {
    let misjudged = false
    for (const actor of this.#world.actors) {
      if (actor.spin === undefined || this.#spins(actor, PATIENCE)) continue
      this.#world.misjudged = misjudged = true
      this.#spinLimit = PATIENCE
    }
    return misjudged
  }

  #spins(actor: Actor, limit: number): boolean {
    const outer = [this.steps, this.#limit, this.#endless] as const
    this.steps = 0
    this.#limit = limit
    this.#endless = false
    // A sleeper is asked what it would do if its time ran out.
    if (actor.waiting !== undefined) actor.waiting.result = 'timed-out'
    this.#runs.resume(actor, 'alone')
    actor.cursor = actor.log.length
    if (actor.waiting !== undefined) actor.waiting.result = undefined
    const endless = this.#endless
    ;[this.steps, this.#limit, this.#endless] = outer
    return endless
  }

  /** Answers an access as it would be answered now, unless that would change something: then the loop has an end. */
  pretend(access: Access): unknown {
    const { kind, view, index, at, a, b } = access
    this.count()
    if (kind === Kind.NOTIFY) return this.#world.queues.lengthAt(at) === 0 ? 0 : this.#runs.unwind()
    if (kind === Kind.WAIT) {
      if (elementOf(view, index) !== a) return 'not-equal'
      return b === Infinity ? this.#runs.unwind() : 'timed-out'
    }
    if (!mayWrite(kind)) return perform(kind, view, index, a, b)
    const before = current(kind, view, index, b)
    const result = perform(kind, view, index, a, b)
    if (sameOperand(current(kind, view, index, b), before)) return result
    putBack(view, index, before)
    return this.#runs.unwind()
  }

  /** Counts what the actor that runs alone asks for, and ends its run when that is enough. */
  count(): void {
    if (++this.steps <= this.#limit) return
    this.#endless = true
    this.#runs.unwind()
  }
}
