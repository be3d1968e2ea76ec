/**
 * Estimates how many schedules a search has to run in all: one of each equivalence class. It walks down the tree of a depth-first
 * search with sleep sets, takes a branch at random at each node, and multiplies the inverse probabilities; the mean over many walks is
 * the number of leaves (D. Knuth, "Estimating the Efficiency of Backtrack Programs", Mathematics of Computation 29, 1975).
 *
 * The branching of the reduction itself is not known in advance: it comes from the races of the schedules that it runs. A search
 * with sleep sets alone runs one schedule of each class too, and more that it abandons. These count as nothing here, and where
 * locks are used most walks end so. Therefore a walk is split if it stands for more leaves than others that are as deep and have as
 * many branches. If it stands for half of what they do, it is ended with a probability of one half, and so on (T. Prellberg and
 * J. Krawczyk, "Flat Histogram Version of the Pruned and Enriched Rosenbluth Method", Physical Review Letters 92, 2004).
 */
import type { Step } from '../model/actor.ts'
import { NO_ACTOR } from '../model/no-actor.ts'
import { randomNumbers } from '../model/random-numbers.ts'
import type { World } from '../model/world.ts'
import type { Engine } from '../run/engine.ts'
import { HappensBefore } from '../strategies/happens-before.ts'
import { preferring } from '../strategies/strategy.ts'

/** A walk is split into this many at most. */
const MOST_COPIES = 30

/**
 * How probable it is that the actor of the last step goes on, if it can. A walk that switches at every other step seldom comes to a
 * leaf. The product is of the inverse probabilities, so the mean stays the same.
 */
const GOES_ON = 0.85
/** More than a node has. */
const MOST_BRANCHES = 32

/** A node that a walk has come to. */
interface Place {
  readonly depth: number
  /** The steps that sleep there. */
  readonly sleep: readonly Step[]
  /** How many leaves the walk stands for, if the nodes below have one branch each. */
  readonly weight: number
}

/**
 * Returns the estimate from this number of walks, or from those that were begun when `isTimeUp` returned true; undefined if none
 * came to a leaf. Undoes all steps of the present schedule.
 */
export function estimateSchedules(
  engine: Engine,
  walks: number,
  seed: number,
  isTimeUp: () => boolean = () => false,
): number | undefined {
  const walking = new Walks(engine.world, randomNumbers(seed))
  // A walk that was left goes on no more, even if a reason to stop is given once only.
  let isOver = false
  const ends = (): boolean => (isOver ||= isTimeUp())
  let done = 0
  for (; done < walks && !ends(); done++) {
    walking.begin()
    while (!ends() && walking.goesOn()) {
      engine.undoToUnit(walking.depth)
      const end = engine.run((enabled) => walking.choose(enabled))
      walking.ended(end === 'pruned')
    }
  }
  engine.undoTo(0)
  return walking.leaves > 0 ? walking.leaves / done : undefined
}

class Walks {
  /** The weights of the walks that have come to a leaf, together. */
  leaves = 0
  /** The number of steps before the node at which the present walk tries branches. */
  depth = 0
  readonly #world: World
  readonly #random: () => number
  readonly #order: HappensBefore
  #begun = 0
  /** By depth and number of branches: the weights of all walks that have come to such a node, together. */
  readonly #weights = new Map<number, number>()
  /** Where walks have been split: what is still to be walked from there. */
  readonly #places: Place[] = []
  #weight = 1
  #sleep: Step[] = []
  /** The branches at the node that come before the chosen one, and this; those that have been tried are gone. */
  #branches: number[] = []

  constructor(world: World, random: () => number) {
    this.#world = world
    this.#random = random
    this.#order = new HappensBefore(world)
  }

  /** Begins a walk at the root. */
  begin(): void {
    this.#begun++
    this.#places.push({ depth: 0, sleep: [], weight: 1 })
  }

  /** Whether there is something to be walked. If so, the caller must undo steps down to `depth`, and then take some. */
  goesOn(): boolean {
    if (this.#branches.length === 0) {
      const place = this.#places.pop()
      if (place === undefined) return false
      this.depth = place.depth
      this.#sleep = [...place.sleep]
      this.#weight = place.weight
    }
    this.#order.forget(this.depth)
    return true
  }

  choose(enabled: number): number {
    const { units } = this.#world
    this.#order.orderNewSteps()
    if (this.#branches.length > 1) return units.length > this.depth ? NO_ACTOR : this.#branches[0]!
    const [chosen] = this.#branches
    this.#branches = []
    return chosen ?? this.#branch(enabled, units.length, units.at(-1))
  }

  /** The schedule has ended, or was abandoned. If it was a branch before the chosen one, that is asleep from now on. */
  ended(abandoned: boolean): void {
    if (this.#branches.length > 1) {
      this.#branches.shift()
      this.#sleep.push(this.#world.units[this.depth]!)
    } else if (!abandoned) this.leaves += this.#weight
  }

  /** Draws a branch of a node. If others come before it, they are tried first: a search would put them to sleep. */
  #branch(enabled: number, depth: number, last: Step | undefined): number {
    const isNew = depth > this.depth
    if (isNew)
      this.#sleep = this.#sleep.filter((step) => step.actor !== last!.actor && !this.#order.dependent(step, last!))
    let awake = enabled
    for (const { actor } of this.#sleep) awake &= ~(1 << actor.index)
    const branches = ordered(awake, last)
    if (branches.length === 0 || (isNew && !this.#split(depth, branches.length))) return NO_ACTOR
    this.depth = depth
    const before = this.#draw(branches, last)
    if (before > 0) this.#branches = branches.slice(0, before + 1)
    return branches[0]!
  }

  /** Draws a branch, and returns its index. */
  #draw(branches: readonly number[], last: Step | undefined): number {
    const others = branches.length - 1
    const first = others > 0 && branches[0] === last?.actor.index ? GOES_ON : 1 / branches.length
    const isFirst = others === 0 || this.#random() < first
    this.#weight *= isFirst ? 1 / first : others / (1 - first)
    return isFirst ? 0 : 1 + Math.floor(this.#random() * others)
  }

  /** Splits the walk at a new node, or decides that it ends there; returns whether it goes on. */
  #split(depth: number, branches: number): boolean {
    const kind = depth * MOST_BRANCHES + branches
    const all = (this.#weights.get(kind) ?? 0) + this.#weight
    this.#weights.set(kind, all)
    const mean = all / this.#begun
    const copies = Math.min(MOST_COPIES, Math.floor(this.#weight / mean + this.#random()))
    if (copies === 0) return false
    this.#weight = this.#weight < mean ? mean : this.#weight / copies
    const place = { depth, sleep: [...this.#sleep], weight: this.#weight }
    for (let copy = 1; copy < copies; copy++) this.#places.push(place)
    return true
  }
}

/** Returns the actors of a set in the order in which a search tries them. */
function ordered(actors: number, last: Step | undefined): number[] {
  const order: number[] = []
  for (let left = actors; left !== 0;) {
    const actor = preferring(last?.actor.index, left)
    order.push(actor)
    left &= ~(1 << actor)
  }
  return order
}
