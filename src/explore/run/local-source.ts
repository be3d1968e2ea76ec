/**
 * Random numbers and clocks for actors: functions of the seed, the actor and the place in its run, so that they do not
 * depend on the schedule, and come out the same in every process.
 */
import { Kind } from '../model/access.ts'
import type { Actor } from '../model/actor.ts'
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
export function sourceApart(seed: number, draws: number): LocalSource {
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
    if (access.kind === Kind.LOCAL && CLOCKS.has(access.a as string)) looks++
    if (access.kind === Kind.WAIT && result === 'timed-out') slept += access.b as number
  }
  return Math.max(looks - 1, 0) + slept
}
