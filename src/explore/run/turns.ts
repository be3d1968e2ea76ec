/**
 * Decides whose turn it is: asks the strategy for the actor that takes the next step, and determines when a schedule
 * has ended.
 */
import { Status } from '../model/actor.ts'
import { NO_ACTOR } from '../model/no-actor.ts'
import type { World } from '../model/world.ts'
import type { Runs } from './runs.ts'
import type { Spins } from './spins/spins.ts'

/**
 * How a schedule ended: all actors have ended; no actor can take a step; the strategy gave the schedule up; the
 * schedule has reached the most steps.
 */
export type End = 'finished' | 'stuck' | 'pruned' | 'too-long'

/**
 * Returns the actor that takes the next step, one of those whose bits are set in `enabled`; NO_ACTOR to give the
 * schedule up. Called for every step.
 */
export type Choose = (enabled: number) => number

/** Decides which actor takes the next step. */
export class Turns {
  choose: Choose = () => NO_ACTOR
  /** How the last schedule ended. */
  end: End = 'pruned'
  /** How many steps at the beginning of the schedule the caller of the engine has given. */
  given = 0
  /** Returns whether to ask `choose` in the present state even if no actor can go on. The actor that it chooses then goes on. */
  insists: (() => boolean) | undefined
  /** The set of actors that can take the next step, with one bit for each actor. */
  enabled = 0
  readonly #world: World
  readonly #runs: Runs
  readonly #spins: Spins
  readonly #maxSteps: number

  constructor(world: World, runs: Runs, spins: Spins, maxSteps: number) {
    this.#world = world
    this.#runs = runs
    this.#spins = spins
    this.#maxSteps = maxSteps
  }

  /** Returns the actor that takes the next step; NO_ACTOR if the schedule has ended, and then sets `end`. */
  decide(): number {
    if (this.#runs.failure !== undefined) return NO_ACTOR
    const { actors, trace } = this.#world
    if (this.given > 0 && trace.length === this.given) this.#spins.considerAll()
    let enabled = 0
    let ended = true
    for (const actor of actors) {
      if (actor.enabled) {
        enabled |= 1 << actor.index
        ended = false
      } else if (actor.status !== Status.FINISHED && !actor.unborn) ended = false
    }
    if (enabled === 0 && trace.length >= this.given && this.insists?.() !== true) {
      if (!ended && this.#spins.release()) return this.decide()
      this.end = ended ? 'finished' : 'stuck'
      return NO_ACTOR
    }
    if (trace.length >= this.#maxSteps) {
      this.end = 'too-long'
      return NO_ACTOR
    }
    this.enabled = enabled
    const next = this.choose(enabled)
    if (next === NO_ACTOR) this.end = 'pruned'
    else if (this.insists !== undefined && actors[next]!.spin !== undefined) this.#world.unhold(actors[next]!)
    return next
  }
}
