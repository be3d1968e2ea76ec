/**
 * Spin loops. A loop that only asks for what changes nothing would make schedules without end, all but the first round of
 * them alike. So once an actor has gone through a round and is about to begin the same one again, with nothing that it
 * reads changed, it is asked alone, without effect, whether it would go on like that for ever. If so it is held until
 * something that it reads changes: no outcome is lost, since a held round leads where the last one led. (The idea of
 * treating a spin as waiting for its condition: Kokologiannakis, Ren, Vafeiadis, "Dynamic Partial Order Reductions for
 * Spinloops", FMCAD 2021.)
 */
import { Kind } from './access.ts'
import type { Access, Step } from './access.ts'
import type { Actor } from './actor.ts'
import { sameOperand } from './access.ts'
import { current } from './perform.ts'
import type { WaitQueues } from './wait-queues.ts'

/**
 * What the actor read in its last round, if it is about to begin the same round again: the accesses from an earlier
 * identical one to now, none of which changed anything or would give another answer now.
 */
export function lastRound(actor: Actor, next: Access, queues: WaitQueues): readonly Access[] | undefined {
  const round: Access[] = [next]
  // A sleeper's log ends with the wait that it is in.
  const last = actor.log.length - (actor.waiting === undefined ? 1 : 2)
  for (let index = last; index >= 0; index--) {
    const step = actor.log[index] as Step
    if (step.effect || !stillHolds(step, queues)) return undefined
    if (step.access.kind === Kind.LOCAL) continue
    if (step.access.same(next)) return round
    round.push(step.access)
  }
  return undefined
}

/** Whether the access would be answered now as it was then. */
function stillHolds(step: Step, queues: WaitQueues): boolean {
  const { kind, view, index, at, b } = step.access
  if (kind === Kind.LOCAL) return true
  if (kind === Kind.NOTIFY) return queues.lengthAt(at) === 0
  return sameOperand(current(kind, view, index, b), step.before)
}
