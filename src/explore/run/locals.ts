/**
 * Local values: random numbers and times for actors. They are functions of the seed, the actor and the point of its
 * run, so they do not depend on the schedule, and are the same in every process.
 */
import { Access, Kind } from '../model/access.ts'
import { Step } from '../model/actor.ts'
import type { Actor } from '../model/actor.ts'
import { isSharedBuffer } from '../model/native.ts'
import { NO_VIEW } from '../model/shared-view.ts'
import type { LocalSource } from '../globals/controller.ts'
import { randomNumbers } from '../model/random-numbers.ts'

const CLOCKS = new Set(['now', 'hrtime', 'new Date', 'Date'])

/**
 * Returns the source for the next local value of an actor. `ahead` is the number of accesses and local values beyond
 * its log, while it runs alone.
 */
export function sourceFor(seed: number, actor: Actor, ahead: number): LocalSource {
  return {
    random: randomNumbers(
      seed ^ Math.imul(actor.index + 1, 0x9e3779b1) ^ Math.imul(actor.log.length + ahead, 0x85ebca6b),
    ),
    elapsed: () => elapsed(actor) + ahead,
  }
}

/**
 * Returns the source for a function of the scenario that is not an actor, after `draws` values. Its clock stands still.
 */
export function sourceOutsideActors(seed: number, draws: number): LocalSource {
  return { random: randomNumbers(seed ^ Math.imul(draws + 1, 0xc2b2ae35)), elapsed: () => 0 }
}

/**
 * The first two readings of the clock give the same tick, since programs fail on equal ticks. Then each reading is a
 * millisecond later, so that no loop waits for a deadline forever. A wait that timed out has taken its whole timeout.
 */
function elapsed(actor: Actor): number {
  let readings = 0
  let slept = 0
  for (const { access, result } of actor.log) {
    if (access.kind === Kind.LOCAL && CLOCKS.has(access.source)) readings++
    if (access.kind === Kind.WAIT && result === 'timed-out') slept += access.timeout
  }
  return Math.max(readings - 1, 0) + slept
}

/** The log entry for a value that an actor got from outside the shared memory. It is in no trace. */
export function localStep(actor: Actor, what: string, value: unknown): Step {
  const access = new Access(Kind.LOCAL, NO_VIEW, 0, -1, 0, what, undefined)
  const step = new Step(actor, access, -1, actor.log.length)
  step.result = value
  step.effect = typeof value === 'object'
  return step
}

/** The last shared buffer that the actor made. */
export function lastBuffer(actor: Actor): SharedArrayBuffer | undefined {
  return actor.log.findLast(({ result }) => isSharedBuffer(result))?.result as SharedArrayBuffer | undefined
}
