/**
 * Spin loops. A loop that only asks for what changes nothing would make schedules without end, all but its first round alike.
 *
 * A round that carries nothing would be repeated for ever while nothing changes that it reads: its actor is held until then.
 * No outcome is lost, since a held round leads where the last one led, through the same states. That a round carries nothing is known, from the
 * source of the code and the values of its variables (round.ts), or it is taken to carry something.
 *
 * A loop that carries something, such as a counter, is followed for some rounds more. Then, if it would not end by itself
 * soon, it is cut off: the actor is held while another can go on, and the exploration is not complete.
 *
 * The idea of treating a spin as waiting for its condition: Kokologiannakis, Ren, Vafeiadis, "Dynamic Partial Order
 * Reductions for Spinloops", FMCAD 2021.
 */
import type { Access } from '../../model/access.ts'
import type { Actor, Step } from '../../model/actor.ts'
import { Kind } from '../../model/access.ts'
import { Status } from '../../model/actor.ts'
import type { Lookahead } from '../lookahead.ts'
import { captureStack, formatFrame, framesOf } from '../positions.ts'
import type { Frame } from '../positions.ts'
import type { World } from '../../model/world.ts'
import { equalBefore } from './equal-accesses.ts'
import type { Surroundings } from './equal-accesses.ts'
import { inspection } from './inspection.ts'
import { LANGUAGE } from './language.ts'
import { Round } from './round.ts'
import { Sites } from './sites.ts'
import type { Visits } from './visits.ts'

/** A loop that was cut off. */
export interface CutLoop {
  readonly actor: string
  /** The access that the loop comes to again and again. */
  readonly place: string
  /** How many rounds of it were followed. */
  readonly rounds: number
  /** What the loop carries from round to round, or why that cannot be told. */
  readonly reason: string
}

/** What an actor that has come to an access again would do in its next round. */
type Look =
  | { readonly kind: 'carries nothing'; readonly length: number }
  /** The next round carries nothing, but the last one changed a variable: in the next round the actor is in new states. */
  | { readonly kind: 'settles'; readonly length: number }
  /** `rounds`: how often the actor has come to this place, and nothing had changed. */
  | {
      readonly kind: 'carries'
      readonly reason: string
      readonly rounds: number
      readonly length: number
      readonly here: string
    }
  /** The equal accesses before stand elsewhere in the source: this is no loop. */
  | { readonly kind: 'no loop' }

/** How many lengths of a round are tried: a loop may do one thing in every second round. */
const MOST_LENGTHS = 4

export class Spins {
  /** Loops that were cut off, by their place. */
  readonly cut = new Map<string, CutLoop>()
  readonly #world: World
  readonly #surroundings: Surroundings
  readonly #visits: Visits
  readonly #lookahead: Lookahead
  readonly #rounds: number
  readonly #looks = new Map<string, Look>()
  /** Loops that were found to carry something, by the stack of their access. */
  readonly #carrying = new Map<string, { readonly reason: string; cut: boolean }>()
  readonly #sites = new Sites()

  constructor(surroundings: Surroundings, visits: Visits, lookahead: Lookahead, rounds: number) {
    this.#world = surroundings.world
    this.#surroundings = surroundings
    this.#visits = visits
    this.#lookahead = lookahead
    this.#rounds = rounds
  }

  /**
   * Holds an actor that has come to an access, or sleeps in it, if it would only go round. Returns whether the actor was
   * run to find out: its present run is then not to be gone on with, since the two may share what a module keeps.
   */
  consider(actor: Actor, next: Access): boolean {
    return this.#endOf(actor) >= actor.quietUntil && this.#consider(actor, next)
  }

  /** For an exploration that starts over. */
  forgetCuts(): void {
    this.cut.clear()
    for (const carrying of this.#carrying.values()) carrying.cut = false
  }

  /**
   * Holds all actors that would only go round, wherever they are, and looks at each once more: for when a schedule that was
   * given has come to its end.
   */
  considerAll(): void {
    this.#looks.clear()
    this.#carrying.clear()
    for (const actor of this.#world.actors) {
      const next = actor.waiting?.access ?? actor.pending
      if (actor.status === Status.FINISHED || actor.spin !== undefined || next === undefined) continue
      const timed = actor.waiting === undefined || next.timeout !== Infinity
      const end = this.#endOf(actor)
      this.#visits.visit(actor, end, () => this.#visits.stackHere(actor, end))
      if (timed) this.#consider(actor, next)
    }
  }

  /** How much of an actor's log leads up to where it is: a sleeper's ends with the wait that it is in. */
  #endOf(actor: Actor): number {
    return actor.log.length - (actor.waiting === undefined ? 0 : 1)
  }

  #consider(actor: Actor, next: Access): boolean {
    const end = this.#endOf(actor)
    const most = (this.#rounds === Infinity ? 0 : this.#rounds) + MOST_LENGTHS
    const equal = equalBefore(this.#surroundings, actor, next, end, most)
    if (equal.length === 0) return false
    // A sleeper among others would go to the end of the queue in its next round.
    const queued =
      actor.waiting !== undefined && this.#world.queues.lengthAt(next.at) > 1 && this.#world.queueOrder.matters(next.at)
    const key = `${this.#visits.histories.of(actor, end)} ${actor.waiting === undefined ? '' : queued ? 'q' : 'w'}${equal.join()}`
    let look = this.#looks.get(key)
    const disturbed = look === undefined
    if (look === undefined) this.#looks.set(key, (look = this.#look(actor, end, equal, queued)))
    if (look.kind === 'carries nothing') actor.spin = { reads: this.#reads(actor, next, end, look.length), cut: false }
    if (look.kind === 'carries') return this.#follow(actor, next, end, look) || disturbed
    return disturbed
  }

  /** Lets a loop go on that was cut off, since no other actor can. */
  release(): boolean {
    const cut = this.#world.actors.find(({ spin }) => spin?.cut === true)
    if (cut !== undefined) this.#world.unhold(cut)
    return cut !== undefined
  }

  #look(actor: Actor, end: number, equal: readonly number[], queued: boolean): Look {
    const here = this.#visits.stackHere(actor, end)
    const again = equal.filter((length) => this.#visits.stackAt(actor, end - length) === here)
    const [nearest] = again
    if (nearest === undefined) return { kind: 'no loop' }
    const lengths = again.slice(0, MOST_LENGTHS)
    const carries = { kind: 'carries', rounds: again.length, length: nearest, here } as const
    if (queued) return { ...carries, reason: 'changes the order of the sleepers' }
    if (this.#sites.carriesNothing(here, this.#answers(actor, end, nearest)))
      return { kind: 'carries nothing', length: nearest }
    const before = this.#carrying.get(here)
    // A loop that carries something mostly ends soon. It is looked at again before it is cut off; once it has been, the
    // exploration is not complete any more, however it goes on.
    if (before !== undefined && (carries.rounds <= this.#rounds || before.cut))
      return { ...carries, reason: before.reason }
    let obstacles: (string | undefined)[] = []
    this.#visits.visit(actor, end, () => (obstacles = this.#obstacles(actor, end, lengths, here)))
    const fitting = lengths[obstacles.indexOf(undefined)]
    if (fitting !== undefined) {
      return { kind: this.#wentRound(actor, end, fitting) ? 'carries nothing' : 'settles', length: fitting }
    }
    const reason = obstacles[0] ?? 'cannot be run again'
    if (before === undefined) this.#carrying.set(here, { reason, cut: false })
    return { ...carries, reason }
  }

  /**
   * Whether the last round, too, left every variable as it was. Only then has the actor been in every state of the round
   * that it would repeat, so that each step of another actor was tried in each of these states.
   */
  #wentRound(actor: Actor, end: number, length: number): boolean {
    const answers = this.#answers(actor, end, length)
    const looking = inspection()
    let obstacle: string | undefined = 'not looked at'
    this.#visits.visit(actor, end - length, () => {
      if (answers === undefined) return
      const found = looking?.look((frames) => ({ obstacle: new Round(looking, frames, answers, LANGUAGE).obstacle() }))
      if (found !== undefined) ({ obstacle } = found)
    })
    return obstacle === undefined
  }

  /** For each length of a round why the actor would not go round in the same way again, if so. */
  #obstacles(actor: Actor, end: number, lengths: readonly number[], here: string): (string | undefined)[] {
    const looking = inspection()
    const found = looking?.look((frames) => {
      return lengths.map((length) => {
        const answers = this.#answers(actor, end, length)
        if (answers === undefined) return 'looks at a clock or draws a random number'
        const round = new Round(looking, frames, answers, LANGUAGE)
        const obstacle = round.obstacle()
        if (obstacle === undefined && length === lengths[0]) this.#sites.learn(here, looking, frames, round.accesses)
        return obstacle
      })
    })
    return found ?? ['its code cannot be read']
  }

  /** What the actor's last accesses gave; undefined if it got something from elsewhere that may be another the next time. */
  #answers(actor: Actor, end: number, length: number): Step[] | undefined {
    const steps = actor.log.slice(end - length, end)
    return steps.some(looksOutside) ? undefined : steps.filter(({ access }) => access.kind !== Kind.LOCAL)
  }

  #reads(actor: Actor, next: Access, end: number, length: number): Access[] {
    const steps = actor.log.slice(end - length, end)
    return [next, ...steps.map(({ access }) => access).filter(({ kind }) => kind !== Kind.LOCAL)]
  }

  /** What becomes of a loop that carries something. Returns whether the actor was run. */
  #follow(actor: Actor, next: Access, end: number, look: Look & { kind: 'carries' }): boolean {
    if (look.rounds <= this.#rounds) return false
    const alone = !this.#world.actors.some((other) => other !== actor && other.enabled)
    if (alone || this.#rounds === Infinity) {
      // It may settle down yet, and carry nothing any more: it is looked at again when it has done as much again.
      actor.quietUntil = 2 * end
      return false
    }
    const left = this.#lookahead.stepsToEnd(actor)
    if (left === undefined) {
      actor.spin = { reads: this.#reads(actor, next, end, look.length), cut: true }
      this.#note(actor, end, look)
      const carrying = this.#carrying.get(look.here)
      if (carrying !== undefined) carrying.cut = true
    } else {
      actor.quietUntil = end + left
    }
    return true
  }

  #note(actor: Actor, end: number, { reason, rounds }: Look & { kind: 'carries' }): void {
    let frame: Frame | undefined
    this.#visits.visit(actor, end, () => ([frame] = framesOf(captureStack())))
    const place = frame === undefined ? 'an unknown place' : formatFrame(frame)
    if (!this.cut.has(place)) this.cut.set(place, { actor: actor.name, place, rounds, reason })
  }
}

/** Whether a step got a value from outside the shared memory that may be another in the next round. */
function looksOutside({ access }: Step): boolean {
  return access.kind === Kind.LOCAL && access.source !== 'new SharedArrayBuffer'
}
