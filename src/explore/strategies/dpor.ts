/**
 * Dynamic partial-order reduction: schedules that differ only in the order of independent steps form an equivalence
 * class, and the search runs at least one schedule of each class, and few more. Source sets say where to branch; sleep
 * sets say which actors need not be tried there again. After P. Abdulla, S. Aronis, B. Jonsson, K. Sagonas, "Optimal
 * Dynamic Partial Order Reduction", POPL 2014, algorithm 1.
 *
 * Departures from the paper
 *   - Races are detected after a step has been taken, not before, because only then is it known what the step touched.
 *   - A wait that found another value does not depend on a notify or a time-out that its actor made after the change to
 *     that value. The wait can join the queue only before the change, and so before these.
 *   - For the same reason, a call that a third actor keeps from returning does not return before calls that begin after
 *     what that actor did.
 *   - The step of a woken sleeper happens after the notify that woke it. An actor that is held in a spin loop cannot
 *     take a step before the step that lets it go on, so these two are no race to reverse.
 *
 * Invariants
 *   - nodes[i] belongs to the state before trace[i].
 *   - For each actor, a step's clock holds one more than the position of the actor's last step that happens before this
 *     step or is this step; 0 if there is none.
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
import { NO_ACTOR } from '../model/no-actor.ts'
import type { World } from '../model/world.ts'
import { preferring } from './strategy.ts'
import type { Strategy } from './strategy.ts'

interface Node {
  readonly enabled: number
  /** The actors to try from here: the source set, as far as it is known. */
  backtrack: number
  tried: number
  /** Steps that need not be taken from here: another schedule covers what they lead to. */
  readonly sleep: Step[]
}

export class SourceDpor implements Strategy {
  readonly name = 'dpor'
  readonly complete = true
  readonly #world: World
  readonly #nodes: Node[] = []
  /** The number of steps that have their clocks and whose races have been detected. */
  #ordered = 0
  #begun = false

  constructor(world: World) {
    this.#world = world
  }

  next(): number | undefined {
    if (!this.#begun) {
      this.#begun = true
      return 0
    }
    this.#orderNewSteps()
    const { trace } = this.#world
    for (let depth = this.#nodes.length - 1; depth >= 0; depth--) {
      const node = this.#nodes[depth]!
      const step = trace[depth]
      if (step !== undefined) node.sleep.push(step)
      if (remaining(node) !== 0) {
        this.#ordered = Math.min(this.#ordered, depth)
        return depth
      }
      this.#nodes.pop()
    }
    return undefined
  }

  choose(enabled: number): number {
    this.#orderNewSteps()
    const depth = this.#world.trace.length
    const node = this.#nodes[depth] ?? this.#newNode(depth, enabled)
    const left = remaining(node)
    if (left === 0) {
      this.#nodes.pop()
      return NO_ACTOR
    }
    const actor = preferring(this.#world.trace[depth - 1]?.actor.index, left)
    node.tried |= 1 << actor
    return actor
  }

  #newNode(depth: number, enabled: number): Node {
    const last = this.#world.trace[depth - 1]
    const inherited = this.#nodes[depth - 1]?.sleep ?? []
    const sleep =
      last === undefined ? [] : inherited.filter((step) => step.actor !== last.actor && !this.#dependent(step, last))
    const awake = enabled & ~actorsOf(sleep)
    const first = awake === 0 ? 0 : 1 << preferring(last?.actor.index, awake)
    const node = { enabled, backtrack: first, tried: 0, sleep }
    this.#nodes.push(node)
    return node
  }

  #orderNewSteps(): void {
    for (; this.#ordered < this.#world.trace.length; this.#ordered++) this.#order(this.#ordered)
  }

  /** Computes the clock of the step at `position`, and plans the reversal of each race in which it is later. */
  #order(position: number): void {
    const { trace } = this.#world
    const step = trace[position]!
    const clock = this.#programOrder(position, step.actor)
    for (let index = position - 1; index >= 0; index--) {
      const earlier = trace[index]!
      if (clock[earlier.actor.index]! > index || !this.#dependent(earlier, step)) continue
      // No step happens between the two: the loop has visited later steps first, and their clocks are joined already.
      this.#reverse(index, position, clock)
      join(clock, earlier.clock!)
    }
    clock[step.actor.index] = position + 1
    step.clock = clock
  }

  /** Whether two steps depend on each other, of which the first is in the trace or could have been taken in its place. */
  #dependent(one: Step, other: Step): boolean {
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
    const { trace } = this.#world
    const before = this.#programOrder(begin.position, begin.actor)
    for (let index = step.position - 1; index >= 0; index--) {
      const change = trace[index]!
      if (change.actor === step.actor || change.actor === begin.actor) continue
      if (before[change.actor.index]! <= index && memoryDependent(change, step)) return true
    }
    return false
  }

  /** Whether a wait that found another value could have joined the queue before a notify or a time-out. */
  #mayJoinBefore(wait: Step, other: Step): boolean {
    const change = changeBefore(wait, this.#world.trace)
    if (change === 'none' || change === 'several') return change === 'several'
    return this.#programOrder(other.position, other.actor)[change.actor.index]! <= change.position
  }

  /**
   * Returns the part of a step's clock that does not depend on what the step touches. It comes from its actor's last
   * step and the notify that woke the actor.
   */
  #programOrder(position: number, actor: Actor): number[] {
    const { trace, actors } = this.#world
    const clock: number[] = actors.map(() => 0)
    for (let index = position - 1; index >= 0; index--) {
      const earlier = trace[index]!
      if (earlier.woken?.some((wait) => wait.actor === actor) === true) join(clock, earlier.clock!)
      if (earlier.actor !== actor) continue
      join(clock, earlier.clock!)
      break
    }
    return clock
  }

  /**
   * Makes sure that the search runs a schedule in which the later step of a race comes before the earlier one, or an
   * equivalent schedule.
   */
  #reverse(index: number, position: number, clock: readonly number[]): void {
    const node = this.#nodes[index]!
    const initials = this.#initials(index, position, clock) & node.enabled
    if (initials === 0 || (initials & node.backtrack) !== 0) return
    const later = this.#world.trace[position]!
    node.backtrack |= 1 << preferring(later.actor.index, initials)
  }

  /**
   * Returns the set of actors that can begin the sequence `v`: the steps after `index` that do not happen after the
   * step at `index`, followed by the step at `position`. An actor can begin it if no step of `v` happens before its
   * first step in `v`.
   */
  #initials(index: number, position: number, clock: readonly number[]): number {
    const { trace } = this.#world
    const first = trace[index]!.actor.index
    let seen = 0
    let initials = 0
    for (let later = index + 1; later <= position; later++) {
      const step = trace[later]!
      const before = later === position ? clock : step.clock!
      if (later < position && before[first]! > index) continue
      const bit = 1 << step.actor.index
      if ((seen & bit) !== 0) continue
      seen |= bit
      if (beginsAfter(before, index, later)) initials |= bit
    }
    return initials
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

/** Whether every step in a clock, except the step at `own` itself, is at `index` or before. */
function beginsAfter(clock: readonly number[], index: number, own: number): boolean {
  return clock.every((past) => past <= index + 1 || past === own + 1)
}

function remaining(node: Node): number {
  return node.backtrack & ~node.tried & ~actorsOf(node.sleep)
}

function actorsOf(steps: readonly Step[]): number {
  let actors = 0
  for (const step of steps) actors |= 1 << step.actor.index
  return actors
}

function join(clock: number[], other: readonly number[]): void {
  for (let actor = 0; actor < clock.length; actor++) {
    if (other[actor]! > clock[actor]!) clock[actor] = other[actor]!
  }
}
