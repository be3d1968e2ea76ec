/**
 * Finds the earlier accesses of an actor that equal its next one. A round of a loop may have begun at each of them.
 */
import type { Access } from '../../model/access.ts'
import { Kind, sameOperand } from '../../model/access.ts'
import type { Step } from '../../model/actor.ts'
import { current } from '../../model/perform.ts'
import type { Regions } from '../../model/regions.ts'
import type { World } from '../../model/world.ts'
import type { Arrival } from './last-round.ts'

/** How many accesses the search goes back. */
const FARTHEST = 1024

/** The parts of the engine that determine whether an earlier access would get the same answer now. */
export interface Surroundings {
  readonly world: World
  readonly regions: Regions
}

/**
 * Returns how many accesses ago the actor made an access equal to its next one, for up to `most` of them, the nearest
 * first. The search stops at an access that would be answered differently now.
 */
export function equalBefore({ world, regions }: Surroundings, arrival: Arrival, most: number): number[] {
  const { actor } = arrival
  const found = equalBack(arrival, most, (step) => {
    const { access } = step
    if (step.effect || !stillHolds(world, step)) return false
    const slept = access.kind === Kind.WAIT && step.result === 'timed-out' && access.timeout !== 0
    // While the actor slept, another could wake it. It is in the same state again only when it is asleep again.
    return !slept || regions.isOwn(access.at) || actor.waiting !== undefined
  })
  const untouched = found.length === 0 ? 0 : countUntouched(world, arrival, found.at(-1)!)
  return found.filter((length) => length <= untouched)
}

/**
 * Returns the same since another actor last took a step. The actor may have changed memory in between.
 */
export function equalSinceOthers({ world }: Surroundings, arrival: Arrival, most: number): number[] {
  let position = world.trace.length
  return equalBack(arrival, most, (step) => step.position === --position)
}

/** Searches the actor's log backwards for accesses equal to the next one, as long as `goesOn` says so of a step. */
function equalBack({ actor, next, end }: Arrival, most: number, goesOn: (step: Step) => boolean): number[] {
  const found: number[] = []
  if (next.begins !== undefined) return found
  for (let index = end - 1; index >= Math.max(0, end - FARTHEST) && found.length < most; index--) {
    const step = actor.log[index]!
    if (step.access.kind === Kind.LOCAL) continue
    if (!goesOn(step)) break
    if (step.access.same(next)) found.push(end - index)
    // A loop is within one call of an operation.
    if (step.access.begins !== undefined) break
  }
  return found
}

/**
 * Returns how many of the actor's last accesses, at most `most`, no other actor has touched since. Equal values are not
 * enough: a value that was changed and changed back is read anew by an actor that goes on, and whether the actor is
 * held would depend on a read that no step shows.
 */
function countUntouched({ trace }: World, { actor, end }: Arrival, most: number): number {
  const others: Step[] = []
  let position = trace.length
  for (let index = end - 1; index >= end - most; index--) {
    const step = actor.log[index]!
    if (step.access.kind === Kind.LOCAL) continue
    while (--position > step.position) {
      const other = trace[position]!
      if (other.actor !== actor && (other.effect || other.access.kind === Kind.TIMEOUT)) others.push(other)
    }
    if (others.some((other) => touches(other, step.access))) return end - 1 - index
  }
  return most
}

/** Whether the access would get the same answer now. */
function stillHolds({ queues }: World, { access, before }: Step): boolean {
  const { kind, view, index, at, second } = access
  if (kind === Kind.NOTIFY) return queues.lengthAt(at) === 0
  return sameOperand(current(kind, view, index, second), before)
}

/** Whether a step of another actor may have changed the answer of an access. */
function touches({ access: { kind, at, size } }: Step, access: Access): boolean {
  if (at >= access.at + access.size || access.at >= at + size) return false
  const inQueue = kind === Kind.WAIT || kind === Kind.NOTIFY || kind === Kind.TIMEOUT
  return inQueue === (access.kind === Kind.NOTIFY)
}
