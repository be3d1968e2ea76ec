/**
 * What a search in parts has still to do: the parts, numbered in the order in which they came up, and the nodes that they share.
 *
 * A part that has been searched is merged: what it wishes at shared nodes becomes new parts, and so does what it has left. Parts are
 * merged in the order of their numbers, so the numbers and the parts do not depend on which thread searched which part, or when.
 *
 * A new branch of a node takes the branches before it for tried, though other threads may still search them. This is sound: each of
 * them will be searched to its end, and which came first in time makes no difference to what they cover.
 */
import { WHOLE } from '../../strategies/part.ts'
import type { Part, PartNode, Wish } from '../../strategies/part.ts'

/** A node before the base of several parts. */
type SharedNode = { -readonly [Key in keyof PartNode]: PartNode[Key] }

interface Place {
  readonly part: Part
  /** The nodes before the part's base. */
  readonly shared: readonly SharedNode[]
}

export class Frontier {
  /** How many parts have been merged: the number of the next one to be merged. */
  merged = 0
  /** By number; those that have been merged are gone. */
  readonly #places: (Place | undefined)[] = [{ part: WHOLE, shared: [] }]

  /** How many parts have come up so far. */
  get count(): number {
    return this.#places.length
  }

  /** The part with this number, which must not have been merged. */
  partOf(number: number): Part {
    return this.#places[number]!.part
  }

  /** Merges the next part, given its wishes and what it has left to be done. */
  merge(wishes: readonly Wish[], rest: Part | undefined): void {
    const { part, shared } = this.#places[this.merged]!
    this.#places[this.merged++] = undefined
    for (const { depth, initials, preferred } of wishes) {
      const node = shared[depth]!
      if ((initials & node.backtrack) !== 0) continue
      node.backtrack |= 1 << preferred
      this.#branch(part, shared, depth)
    }
    if (rest !== undefined) this.#divide(rest, shared)
  }

  /** Makes parts of what is left at the first node where something is left, and one of all that is left below it. */
  #divide({ path, nodes, base }: Part, shared: readonly SharedNode[]): void {
    const depth = nodes.findIndex((node, at) => at >= base && remaining(node) !== 0)
    const known = [...shared, ...nodes.slice(base, depth + 1).map(copyOf)]
    if (depth < path.length) {
      const own = nodes.map((node, at) => (at === depth ? { ...node, backtrack: node.tried } : node))
      this.#places.push({ part: { path, nodes: own, base: depth + 1 }, shared: known })
    }
    this.#branch({ path, nodes, base }, known, depth)
  }

  /** Makes a part of each branch that is still to be tried at a shared node on a part's path. */
  #branch({ path, nodes }: Part, shared: readonly SharedNode[], depth: number): void {
    const node = shared[depth]!
    for (let left = remaining(node); left !== 0; left = remaining(node)) {
      const actor = left & -left
      const last = { ...node, backtrack: node.tried | actor }
      const part = { path: path.slice(0, depth), nodes: [...nodes.slice(0, depth), last], base: depth + 1 }
      this.#places.push({ part, shared: shared.slice(0, depth + 1) })
      node.tried |= actor
    }
  }
}

/** A part's own node becomes one that parts share, and changes. */
function copyOf(node: PartNode): SharedNode {
  return { ...node }
}

/** The actors that are still to be tried at a node. */
function remaining({ backtrack, tried, asleep }: PartNode): number {
  return backtrack & ~tried & ~asleep
}
