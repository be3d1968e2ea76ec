/**
 * Parts of a search. A depth-first search can be interrupted between two schedules. What it has still to do is then plain data, and
 * can be divided into parts that different threads search.
 *
 * A part is a path from the first step on, and what is to be tried at the nodes along it. The nodes before `base` are shared with
 * other parts: what the part finds out about them, it can only wish for. Its search goes through the nodes from `base` on.
 */
import type { Step } from '../model/actor.ts'
import type { Schedule } from '../model/schedule.ts'
import type { Strategy } from './strategy.ts'

/** A node of the search tree: sets of actors, with one bit for each. */
export interface PartNode {
  readonly enabled: number
  /** Those that were asleep when the search came to the node. */
  readonly asleep: number
  /** The actors that this part has tried, or another part is trying. The actor on the path belongs to them. */
  readonly tried: number
  /** Those that are to be tried, and those that have been. */
  readonly backtrack: number
  /** The tried actors that could go on right after their step, as far as the search has seen it. */
  readonly goesOn: number
  /** Whether the search held an actor in a loop there. Another thread may notice the loop a round earlier or later, and must not judge anew. */
  readonly isHeld: boolean
}

export interface Part {
  /** The steps from the first node to the last one. */
  readonly path: Schedule
  /** The node before each step of the path, and the last node. None in the part that is the whole search. */
  readonly nodes: readonly PartNode[]
  readonly base: number
}

/** The whole search as one part. */
export const WHOLE: Part = { path: [], nodes: [], base: 0 }

/** A race with a step before a part's own nodes: one of the actors in `initials` must be tried at that node. */
export interface Wish {
  readonly depth: number
  readonly initials: number
  /** The one to try if none is yet. */
  readonly preferred: number
}

/** Adds a wish if there is no such wish yet. */
export function wish(wishes: Map<string, Wish>, added: Wish): void {
  const key = `${added.depth} ${added.initials}`
  if (!wishes.has(key)) wishes.set(key, added)
}

/** A depth-first search that can be interrupted and go on elsewhere. */
export interface Divisible extends Strategy {
  /** What the part wishes to be tried at shared nodes. */
  readonly wishes: ReadonlyMap<string, Wish>
  /** The nodes along the present schedule, up to the one where `next` has said that the schedules part. */
  readonly nodes: PartNode[]
  /**
   * Makes the next node of a part's path. To be called before the first `next`, for each node in turn while the world is there;
   * after it `sleeps` for each step that was tried there before.
   */
  enter(enabled: number, node: PartNode, isShared: boolean): void
  /** Whether the search has a node at this depth. */
  knows(depth: number): boolean
  /** A step that was tried at the node that was entered last, and whether its actor could go on after it. */
  sleeps(step: Step, goesOn: boolean): void
}
