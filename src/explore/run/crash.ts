/** Where an actor stops forever in the middle of its work. */
import { Access, isEvent, Kind, NO_ADDRESS } from '../model/access.ts'
import type { Actor } from '../model/actor.ts'
import { wrote } from '../model/dependence.ts'
import { NO_VIEW } from '../model/shared-view.ts'

/** A point in an actor's work. */
export interface CrashPoint {
  /** The index of the actor. */
  readonly actor: number
  /** How many accesses it makes before it stops. */
  readonly after: number
}

/** Whether an actor has come to the point. If it ends before, it never does. */
export function isAt({ actor: index, after }: CrashPoint, actor: Actor): boolean {
  return actor.index === index && actor.log.length >= after && accessesOf(actor) === after
}

/** Returns what an actor comes to in place of its next access if it stops forever. */
export function crashAccess(): Access {
  return new Access(Kind.CRASH, NO_VIEW, 0, NO_ADDRESS, 0, Infinity, undefined)
}

/**
 * Returns the points of an actor's work that matter: its begin, and behind each access that had an effect or wrote. To stop after any other
 * access leads to the same states as to stop before it. A write of the value that was there changes no state, but hides an earlier write:
 * what reads it afterwards happens after this one only.
 */
export function pointsOf(actor: Actor): number[] {
  const points = [0]
  let accesses = 0
  for (const step of actor.log) {
    const { access, effect } = step
    if (access.kind === Kind.LOCAL || isEvent(access.kind)) continue
    accesses++
    if (effect || wrote(step)) points.push(accesses)
  }
  return points
}

function accessesOf({ log }: Actor): number {
  return log.filter(({ access }) => access.kind !== Kind.LOCAL && !isEvent(access.kind)).length
}
