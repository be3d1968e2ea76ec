/**
 * One given schedule: for replaying. It does not insist: where the schedule does not fit, it gives up and remembers where.
 */
import { NOBODY } from '../nobody.ts'
import type { World } from '../world.ts'

export class FixedSchedule {
  readonly #world: World
  readonly #schedule: readonly number[]

  constructor(world: World, schedule: readonly number[]) {
    this.#world = world
    this.#schedule = schedule
  }

  choose(enabled: number): number {
    const actor = this.#schedule[this.#world.trace.length]
    return actor === undefined || (enabled & (1 << actor)) === 0 ? NOBODY : actor
  }
}
