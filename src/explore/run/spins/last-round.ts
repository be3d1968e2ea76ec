/** The last round of an actor, as a part of its log. */
import type { Access } from '../../model/access.ts'
import { Kind } from '../../model/access.ts'
import type { Actor, Step } from '../../model/actor.ts'

/** An access that an actor has come to, or sleeps in. */
export interface Arrival {
  readonly actor: Actor
  readonly next: Access
  /** How many entries of the actor's log lead up to the access. */
  readonly end: number
}

/** Returns the steps of the round of this length that ends at the access, with the buffers that it made. */
export function lastRound({ actor, end }: Arrival, length: number): Step[] {
  return actor.log.slice(end - length, end)
}

/** Returns the indexes in the actor's log of the accesses of the round. */
export function accessesOf(arrival: Arrival, length: number): number[] {
  return lastRound(arrival, length).flatMap(({ access }, at) =>
    access.kind === Kind.LOCAL ? [] : [arrival.end - length + at],
  )
}

/** Returns the steps of the round; undefined if the actor got a value that may differ the next time. */
export function answersOf(arrival: Arrival, length: number): Step[] | undefined {
  const steps = lastRound(arrival, length)
  return steps.some(isFromOutside) ? undefined : steps
}

/** Whether a step got a value from outside the shared memory that may differ in the next round. */
function isFromOutside({ access }: Step): boolean {
  return access.kind === Kind.LOCAL && access.source !== 'new SharedArrayBuffer'
}
