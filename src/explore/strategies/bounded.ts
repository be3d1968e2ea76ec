/**
 * Every schedule with at most a number of preemptions, up to equivalence, depth first. A bound on preemptions is that of M.
 * Musuvathi and S. Qadeer, "Iterative Context Bounding for Systematic Testing", PLDI 2007; sleep sets are those of P. Godefroid,
 * "Partial-Order Methods for the Verification of Concurrent Systems", 1996.
 *
 * Under a bound, a sleep set is not sound by itself: the equivalent schedule that it relies on may have one preemption more, and
 * then the search has left that one out. So a step `t` sleeps only as far as the schedule in which it comes first has no more preemptions. Let `t` have
 * been taken at a node, and let `u…` be steps of other actors that do not depend on it. Compare `t u… w` with `u… t w`:
 *
 *   - If the actor of `t` also took the step before the node, `u…` begins with a preemption, and `t u…` with at most one.
 *   - If the actor of `t` could not go on right after `t`, no preemption follows `t` in the first order.
 *   - Otherwise the first order has one more only if `w` begins with a step of the same actor. So `t` is taken after `u…`, but
 *     then only its actor goes on.
 *
 * All this holds if `t` changes no actor's turn. So no step sleeps while an actor spins. A call that a contract covers never sleeps: it may
 * let other actors go on, or stop them.
 */
import { unitsCommute } from '../model/units.ts'
import { NO_ACTOR } from '../model/no-actor.ts'
import type { Step } from '../model/actor.ts'
import { isPreemption } from '../model/schedule.ts'
import type { World } from '../model/world.ts'
import type { Divisible, PartNode, Wish } from './part.ts'
import { preferring } from './strategy.ts'

/** A step that has been taken from the present state, or would be independent of all steps since. */
interface Asleep {
  readonly step: Step
  /** Whether it may be taken all the same, if its actor then goes on. */
  readonly mayGoOn: boolean
}

interface Node {
  /** The number of preemptions before this state. */
  readonly preemptions: number
  readonly enabled: number
  /** The actors that have been tried, and those that are still to be. */
  tried: number
  untried: number
  readonly sleep: Asleep[]
  /** The tried actors that could go on right after their step. */
  goesOn: number
  /** Whether an actor is held in a loop. */
  readonly isHeld: boolean
}

export class PreemptionBounded implements Divisible {
  readonly name = 'dfs'
  /** None: every node has all its branches from the beginning. */
  readonly wishes: ReadonlyMap<string, Wish> = new Map()
  readonly #world: World
  readonly #bound: number
  /** nodes[i] belongs to the state before units[i]. */
  readonly #nodes: Node[] = []
  #begun = false
  #cut = false

  constructor(world: World, bound: number) {
    this.#world = world
    this.#bound = bound
  }

  /** Whether the bound has left out no schedule. */
  get complete(): boolean {
    return !this.#cut
  }

  next(): number | undefined {
    if (!this.#begun) {
      this.#begun = true
      return 0
    }
    const { units } = this.#world
    for (let depth = this.#nodes.length - 1; depth >= 0; depth--) {
      const node = this.#nodes[depth]!
      const step = units[depth]
      if (step !== undefined) this.#fallAsleep(node, step, (node.goesOn & (1 << step.actor.index)) !== 0)
      if (node.untried !== 0) return depth
      this.#nodes.pop()
    }
    return undefined
  }

  get nodes(): PartNode[] {
    return this.#nodes.map(({ enabled, tried, untried, goesOn, isHeld }) => {
      return { enabled, asleep: 0, tried, backtrack: tried | untried, goesOn, isHeld }
    })
  }

  knows(depth: number): boolean {
    return depth < this.#nodes.length
  }

  enter(enabled: number, { tried, backtrack, goesOn, isHeld }: PartNode): void {
    this.#begun = true
    const depth = this.#world.units.length
    const node = this.#newNode(depth, this.#world.units[depth - 1], enabled, isHeld)
    Object.assign(node, { tried, untried: backtrack & ~tried, goesOn })
  }

  sleeps(step: Step, goesOn: boolean): void {
    this.#fallAsleep(this.#nodes.at(-1)!, step, goesOn)
  }

  /** `goesOn`: whether the actor could go on right after its step. */
  #fallAsleep({ sleep }: Node, step: Step, goesOn: boolean): void {
    const continues = this.#world.units[step.unit - 1]?.actor === step.actor
    if (step.access.part === undefined) sleep.push({ step, mayGoOn: goesOn && !continues })
  }

  choose(enabled: number): number {
    const depth = this.#world.units.length
    const last = this.#world.units[depth - 1]
    const node = this.#nodes[depth] ?? this.#newNode(depth, last, enabled, holdsAnActor(this.#world))
    if (node.untried === 0) {
      this.#nodes.pop()
      return NO_ACTOR
    }
    const actor = preferring(last?.actor.index, node.untried)
    node.untried &= ~(1 << actor)
    node.tried |= 1 << actor
    return actor
  }

  #newNode(depth: number, last: Step | undefined, enabled: number, isHeld: boolean): Node {
    const parent = this.#nodes[depth - 1]
    if (last === undefined || parent === undefined)
      return this.#push({ preemptions: 0, enabled, tried: 0, untried: enabled, sleep: [], goesOn: 0, isHeld })
    const own = 1 << last.actor.index
    const goesOn = (enabled & own) !== 0
    if (goesOn) parent.goesOn |= own
    const sleep = isHeld ? [] : parent.sleep.filter(({ step }) => step.actor !== last.actor && unitsCommute(step, last))
    const slept = parent.sleep.some(({ step }) => step.actor === last.actor)
    const preemptions = parent.preemptions + Number(isPreemption(this.#world.units[depth - 2], last))
    let untried = enabled & ~actorsAsleep(sleep)
    if (slept && goesOn && !isHeld) untried &= own
    else if (goesOn && preemptions >= this.#bound && (untried & ~own) !== 0) {
      this.#cut = true
      untried &= own
    }
    return this.#push({ preemptions, enabled, tried: 0, untried, sleep, goesOn: 0, isHeld })
  }

  #push(node: Node): Node {
    this.#nodes.push(node)
    return node
  }
}

function holdsAnActor({ actors }: World): boolean {
  return actors.some(({ spin }) => spin !== undefined && spin.closed !== true)
}

/** The actors whose next step need not be taken from here at all. */
function actorsAsleep(sleep: readonly Asleep[]): number {
  let actors = 0
  for (const { step, mayGoOn } of sleep) if (!mayGoOn) actors |= 1 << step.actor.index
  return actors
}
