/**
 * Dynamic partial-order reduction: schedules that differ only in the order of independent steps form an equivalence
 * class, and the search runs at least one schedule of each class, and few more. Source sets say where to branch; sleep
 * sets say which actors need not be tried there again. After P. Abdulla, S. Aronis, B. Jonsson, K. Sagonas, "Optimal
 * Dynamic Partial Order Reduction", POPL 2014, algorithm 1.
 *
 * Departures from the paper
 *   - Races are detected after a step has been taken, not before, because only then is it known what the step touched.
 *   - The step of a woken sleeper happens after the notify that woke it. An actor that is held in a spin loop cannot
 *     take a step before the step that lets it go on, so these two are no race to reverse.
 *
 * Invariant: nodes[i] belongs to the state before units[i].
 */
import type { Step } from '../model/actor.ts'
import { NO_ACTOR } from '../model/no-actor.ts'
import type { Schedule } from '../model/schedule.ts'
import type { World } from '../model/world.ts'
import { HappensBefore } from './happens-before.ts'
import type { Later } from './happens-before.ts'
import { wish } from './part.ts'
import type { Divisible, PartNode, Wish } from './part.ts'
import { preferring } from './strategy.ts'

interface Node {
  readonly enabled: number
  /** The actors to try from here: the source set, as far as it is known. */
  backtrack: number
  tried: number
  /** Steps that need not be taken from here: another schedule covers what they lead to. */
  readonly sleep: Step[]
}

export class SourceDpor implements Divisible {
  readonly name = 'dpor'
  readonly complete = true
  readonly wishes = new Map<string, Wish>()
  readonly #world: World
  readonly #nodes: Node[] = []
  readonly #order: HappensBefore
  /** The schedule to run first; empty once it has been run. */
  #first: Schedule
  #begun = false
  /** Before this depth, the nodes are shared with other parts. */
  #base = 0

  /** `first` is the first schedule to run. Default: one with few switches. */
  constructor(world: World, first: Schedule = []) {
    this.#world = world
    this.#first = first
    this.#order = new HappensBefore(world, (earlier, later, clock) => this.#reverse(earlier, later, clock))
  }

  next(): number | undefined {
    if (!this.#begun) {
      this.#begun = true
      return 0
    }
    this.#first = []
    this.#order.orderNewSteps()
    const { units } = this.#world
    for (let depth = this.#nodes.length - 1; depth >= 0; depth--) {
      const node = this.#nodes[depth]!
      const step = units[depth]
      if (step !== undefined) node.sleep.push(step)
      if (remaining(node) !== 0) {
        this.#order.forget(depth)
        return depth
      }
      this.#nodes.pop()
    }
    return undefined
  }

  retraced(): void {
    this.#order.forget(0)
  }

  get nodes(): PartNode[] {
    return this.#nodes.map(({ enabled, backtrack, tried, sleep }) => {
      return { enabled, asleep: actorsOf(sleep) & ~tried, tried, backtrack, goesOn: 0, isHeld: false }
    })
  }

  knows(depth: number): boolean {
    return depth < this.#nodes.length
  }

  enter(enabled: number, { tried, backtrack }: PartNode, isShared: boolean): void {
    this.#begun = true
    this.#order.orderNewSteps()
    const depth = this.#world.units.length
    Object.assign(this.#newNode(depth, enabled), { tried, backtrack })
    if (isShared) this.#base = depth + 1
  }

  sleeps(step: Step): void {
    this.#nodes.at(-1)!.sleep.push(step)
    this.#order.forget(step.unit)
  }

  choose(enabled: number): number {
    this.#order.orderNewSteps()
    const depth = this.#world.units.length
    const node = this.#nodes[depth] ?? this.#newNode(depth, enabled)
    const left = remaining(node)
    if (left === 0) {
      this.#order.orderWaitingCalls()
      this.#nodes.pop()
      return NO_ACTOR
    }
    const actor = preferring(this.#first[depth] ?? this.#world.units[depth - 1]?.actor.index, left)
    node.tried |= 1 << actor
    return actor
  }

  #newNode(depth: number, enabled: number): Node {
    const last = this.#world.units[depth - 1]
    const inherited = this.#nodes[depth - 1]?.sleep ?? []
    const sleep =
      last === undefined
        ? []
        : inherited.filter((step) => step.actor !== last.actor && !this.#order.dependent(step, last))
    const awake = enabled & ~actorsOf(sleep)
    const first = awake === 0 ? 0 : 1 << preferring(this.#first[depth] ?? last?.actor.index, awake)
    const node = { enabled, backtrack: first, tried: 0, sleep }
    this.#nodes.push(node)
    return node
  }

  /**
   * Makes sure that the search runs a schedule in which the later step of a race comes before the earlier one, or an
   * equivalent schedule.
   */
  #reverse(index: number, later: Later, clock: readonly number[]): void {
    const node = this.#nodes[index]!
    const initials = this.#initials(index, later, clock) & node.enabled
    if (initials === 0 || (initials & node.backtrack) !== 0) return
    const preferred = preferring(later.actor.index, initials)
    if (index < this.#base) wish(this.wishes, { depth: index, initials, preferred })
    else node.backtrack |= 1 << preferred
  }

  /**
   * Returns the set of actors that can begin the sequence `v`: the steps after `index` that do not happen after the
   * step at `index`, followed by the step at `position`. An actor can begin it if no step of `v` happens before its
   * first step in `v`.
   */
  #initials(index: number, { position, actor }: Later, clock: readonly number[]): number {
    const { units } = this.#world
    const first = units[index]!.actor.index
    let seen = 0
    let initials = 0
    for (let later = index + 1; later <= position; later++) {
      const before = later === position ? clock : units[later]!.clock!
      if (later < position && before[first]! > index) continue
      const bit = 1 << (later === position ? actor : units[later]!.actor).index
      if ((seen & bit) !== 0) continue
      seen |= bit
      if (beginsAfter(before, index, later)) initials |= bit
    }
    return initials
  }
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
