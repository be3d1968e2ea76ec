/**
 * Which step of the present schedule happens before which, for the reductions: by vector clocks over the steps that depend on each
 * other.
 *
 * Departures from the definition of dependence in P. Abdulla and others, "Optimal Dynamic Partial Order Reduction", POPL 2014
 *   - A wait that found another value does not depend on a notify or a time-out that its actor made after the change to
 *     that value. The wait can join the queue only before the change, and so before these.
 *   - For the same reason, a call that a third actor keeps from returning does not return before calls that begin after
 *     what that actor did.
 *
 * For each actor, a step's clock holds one more than the position of the actor's last step that happens before this step or is
 * this step; 0 if there is none.
 */
import { overlap } from '../model/access.ts'
import type { Actor, Step } from '../model/actor.ts'
import {
  alwaysDependent,
  callDependent,
  dependent,
  mayReturnAt,
  memoryDependent,
  missesQueueOf,
  wrote,
} from '../model/dependence.ts'
import { stepsOf, unitsDepend, woke } from '../model/units.ts'
import type { World } from '../model/world.ts'

/** The later step of a race. Its position may be the one after the last step: it has not been taken. */
export interface Later {
  readonly position: number
  readonly actor: Actor
}

/** Told of each race: two steps that depend on each other, none between them, and the clock of the later one without the earlier. */
export type OnRace = (earlier: number, later: Later, clock: readonly number[]) => void

export class HappensBefore {
  readonly #world: World
  readonly #onRace: OnRace
  /** The number of steps that have their clocks. */
  #ordered = 0

  constructor(world: World, onRace: OnRace = () => {}) {
    this.#world = world
    this.#onRace = onRace
  }

  /** Gives the new steps of the schedule their clocks. */
  orderNewSteps(): void {
    for (; this.#ordered < this.#world.units.length; this.#ordered++) this.#order(this.#ordered)
  }

  /** Says that the steps from this depth on will be taken anew. */
  forget(depth: number): void {
    this.#ordered = Math.min(this.#ordered, depth)
  }

  /** Computes the clock of the step at `position`, and tells of each race in which it is later. */
  #order(position: number): void {
    const { units } = this.#world
    const step = units[position]!
    if (step.access.opens) return this.#orderCall(position, step)
    const clock = this.#programOrder(position, step.actor)
    for (let index = position - 1; index >= 0; index--) {
      const earlier = units[index]!
      if (clock[earlier.actor.index]! > index || !this.dependent(earlier, step)) continue
      // No step happens between the two: the loop has visited later steps first, and their clocks are joined already.
      this.#onRace(index, { position, actor: step.actor }, clock)
      join(clock, earlier.clock!)
    }
    clock[step.actor.index] = position + 1
    step.clock = clock
  }

  /**
   * Does the same for a call that can wait. Before a step that let it go through, the call could not have come: the two are no race,
   * but the call may race with what came before that step. If the actor has come to its call only after that step, it is not known
   * whether the call could have come first; then both are taken for races.
   */
  #orderCall(position: number, step: Step): void {
    const { actor } = step
    const clock = this.#racesOfCall({ position, actor }, (earlier) => this.dependent(earlier, step))
    clock[actor.index] = position + 1
    step.clock = clock
  }

  /**
   * Tells of the races of the calls that cannot go through in the present state. To be called where the schedule is given up: else such
   * a call is taken later, or waits at the end.
   */
  orderWaitingCalls(): void {
    const { actors, units } = this.#world
    for (const actor of actors) {
      const { spin } = actor
      if (spin?.closed !== true) continue
      const lets = (step: Step): boolean => wrote(step) && spin.reads.some((read) => overlap(read, step.access))
      this.#racesOfCall({ position: units.length, actor }, (earlier) => stepsOf(earlier).some(lets))
    }
  }

  /** Returns the clock of a call without its own step. */
  #racesOfCall(later: Later, depends: (earlier: Step) => boolean): number[] {
    const { units } = this.#world
    const { position, actor } = later
    const clock = this.#programOrder(position, actor)
    const come = clock[actor.index]!
    const racing = [...clock]
    for (let index = position - 1; index >= 0; index--) {
      const earlier = units[index]!
      if (racing[earlier.actor.index]! > index || !depends(earlier)) continue
      const hadCome = come <= index
      const couldGo = (earlier.enabled & (1 << actor.index)) !== 0
      if (!hadCome || couldGo) this.#onRace(index, later, racing)
      if (hadCome && couldGo) join(racing, earlier.clock!)
      join(clock, earlier.clock!)
    }
    return clock
  }

  /** Whether two steps depend on each other, of which the first is in the trace or could have been taken in its place. */
  dependent(one: Step, other: Step): boolean {
    if (one.rest !== undefined || other.rest !== undefined) return unitsDepend(one, other)
    if (!dependent(one, other)) return false
    if (alwaysDependent(one, other)) return true
    return callDependent(one, other) || this.#memoryDependent(one, other) || this.#mayReturnFirst(one, other)
  }

  #memoryDependent(one: Step, other: Step): boolean {
    if (!memoryDependent(one, other)) return false
    if (missesQueueOf(other, one)) return this.#mayJoinBefore(one, other)
    return missesQueueOf(one, other) ? this.#mayJoinBefore(other, one) : true
  }

  #mayReturnFirst(one: Step, other: Step): boolean {
    return (
      (mayReturnAt(one, other) && this.#mayReturnBefore(other, one)) ||
      (mayReturnAt(other, one) && this.#mayReturnBefore(one, other))
    )
  }

  /**
   * Whether a call might have returned with a step, before another call began, if a step of a third actor had not changed
   * what the step reads.
   */
  #mayReturnBefore(step: Step, begin: Step): boolean {
    const { units } = this.#world
    const before = this.#programOrder(begin.unit, begin.actor)
    for (let index = step.unit - 1; index >= 0; index--) {
      const change = units[index]!
      if (change.actor === step.actor || change.actor === begin.actor) continue
      if (before[change.actor.index]! <= index && stepsOf(change).some((each) => memoryDependent(each, step)))
        return true
    }
    return false
  }

  /** Whether a wait that found another value could have joined the queue before a notify or a time-out. */
  #mayJoinBefore(wait: Step, other: Step): boolean {
    const change = changeBefore(wait, this.#world.trace)
    if (change === 'none' || change === 'several') return change === 'several'
    return this.#programOrder(other.unit, other.actor)[change.actor.index]! <= change.unit
  }

  /**
   * Returns the part of a step's clock that does not depend on what the step touches. It comes from its actor's last
   * step and the notify that woke the actor.
   */
  #programOrder(position: number, actor: Actor): number[] {
    const { units, actors } = this.#world
    const clock: number[] = actors.map(() => 0)
    for (let index = position - 1; index >= 0; index--) {
      const earlier = units[index]!
      if (woke(earlier, actor)) join(clock, earlier.clock!)
      if (earlier.actor !== actor) continue
      join(clock, earlier.clock!)
      break
    }
    return clock
  }
}

/**
 * Returns the step that changed the value which a wait expects, if the last such change was one of the whole word. Steps
 * that each write some of its bytes may have changed it together.
 */
function changeBefore(wait: Step, trace: readonly Step[]): Step | 'none' | 'several' {
  const { at, size, expected } = wait.access
  for (let index = wait.position - 1; index >= 0; index--) {
    const step = trace[index]!
    if (!step.effect || !wrote(step) || !overlap(step.access, wait.access)) continue
    if (step.access.at !== at || step.access.size !== size) return 'several'
    if (Object.is(step.before, expected)) return step
  }
  return 'none'
}

function join(clock: number[], other: readonly number[]): void {
  for (let actor = 0; actor < clock.length; actor++) {
    if (other[actor]! > clock[actor]!) clock[actor] = other[actor]!
  }
}
