/**
 * Random numbers and clocks for actors: functions of the seed, the actor and the place in its run, so that they do not
 * depend on the schedule, and come out the same in every process.
 */
import { Access, Kind } from '../model/access.ts'
import { Step } from '../model/actor.ts'
import type { Actor } from '../model/actor.ts'
import { isSharedBuffer } from '../model/native.ts'
import { NO_VIEW } from '../model/shared-view.ts'
import type { LocalSource } from '../control/controller.ts'
import { randomNumbers } from '../model/random-numbers.ts'

const CLOCKS = new Set(['now', 'hrtime', 'new Date', 'Date'])

/** `ahead` counts what the actor drew beyond its log, while it is asked alone how it would go on. */
export function sourceFor(seed: number, actor: Actor, ahead: number): LocalSource {
  return {
    random: randomNumbers(
      seed ^ Math.imul(actor.index + 1, 0x9e3779b1) ^ Math.imul(actor.log.length + ahead, 0x85ebca6b),
    ),
    elapsed: () => elapsed(actor) + ahead,
  }
}

/** The same for what is not an actor: memory(), observe(). Its clock stands still. */
export function sourceOutsideActors(seed: number, draws: number): LocalSource {
  return { random: randomNumbers(seed ^ Math.imul(draws + 1, 0xc2b2ae35)), elapsed: () => 0 }
}

/**
 * The first two looks at the clock see the same tick, since that is what trips programs up; then each look is a
 * millisecond later, so that no loop waits for a deadline for ever. A wait that timed out took all its time.
 */
function elapsed(actor: Actor): number {
  let looks = 0
  let slept = 0
  for (const { access, result } of actor.log) {
    if (access.kind === Kind.LOCAL && CLOCKS.has(access.source)) looks++
    if (access.kind === Kind.WAIT && result === 'timed-out') slept += access.timeout
  }
  return Math.max(looks - 1, 0) + slept
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
