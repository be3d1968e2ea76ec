/**
 * Spin loops. A loop whose accesses change nothing makes endless schedules, in which all rounds after the first are
 * alike.
 *
 * A round is one pass through the loop, from an access to the same access. It carries nothing if it leaves memory and
 * every variable as they were. Such a round would repeat forever while the values that it reads stay the same, so its
 * actor is held until one of them changes. No outcome is lost, since a held round would lead where the last one led,
 * through the same states. The explorer knows that a round carries nothing from the source of the code and the values
 * of its variables (round.ts). If it cannot show that a round carries nothing, it treats the round as carrying
 * something.
 *
 * A loop that carries something, such as a counter, is followed for some more rounds. If it would not end by itself
 * soon, it is then cut off: the actor is held while another actor can take a step, and the exploration is not complete.
 *
 * The idea of treating a spin as waiting for its condition is from Kokologiannakis, Ren, Vafeiadis, "Dynamic Partial
 * Order Reductions for Spinloops", FMCAD 2021.
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
import { KnownLoops } from './known-loops.ts'
import { predict } from './predict.ts'
import type { Visits } from './visits.ts'

/** A loop that was cut off. */
export interface CutLoop {
  readonly actor: string
  /** The position in the source of the access that the loop repeats. */
  readonly place: string
  /** How many rounds of the loop were followed. */
  readonly rounds: number
  /** What the loop carries from round to round, or why that is unknown. */
  readonly reason: string
}

/** What an actor that has repeated an access would do in its next round. */
type Assessment =
  | { readonly kind: 'carries nothing'; readonly length: number }
  /** The next round carries nothing, but the last one changed a variable, so the next one goes through new states. */
  | { readonly kind: 'settles' }
  /** `rounds`: how often the actor has made this access while nothing changed. */
  | {
      readonly kind: 'carries'
      readonly reason: string
      readonly rounds: number
      readonly length: number
      readonly stack: string
    }
  /** The equal accesses before this one are at other positions in the source, so this is not a loop. */
  | { readonly kind: 'no loop' }

/**
 * How many lengths of a round are tried. More than one is needed: if a loop does something in every second pass, its
 * round is two passes.
 */
const MOST_LENGTHS = 4

/** Holds actors in loops, and cuts loops off. */
export class Spins {
  /** The loops that were cut off, by their position in the source. */
  readonly cut = new Map<string, CutLoop>()
  readonly #world: World
  readonly #surroundings: Surroundings
  readonly #visits: Visits
  readonly #lookahead: Lookahead
  readonly #rounds: number
  readonly #assessments = new Map<string, Assessment>()
  /** The loops that were found to carry something, by the stack of their access. */
  readonly #carrying = new Map<string, { readonly reason: string; cut: boolean }>()
  readonly #knownLoops = new KnownLoops()

  constructor(surroundings: Surroundings, visits: Visits, lookahead: Lookahead, rounds: number) {
    this.#world = surroundings.world
    this.#surroundings = surroundings
    this.#visits = visits
    this.#lookahead = lookahead
    this.#rounds = rounds
  }

  /**
   * Holds an actor if its next round would only repeat the last one. `next` is the access that it has come to, or in
   * which it sleeps. Returns true if the actor was run again to decide this. The caller must then end the actor's
   * present run, since the two runs may share variables of a module.
   */
  consider(actor: Actor, next: Access): boolean {
    return this.#endOf(actor) >= actor.quietUntil && this.#consider(actor, next)
  }

  /** Forgets which loops were cut off, for an exploration that starts over. */
  forgetCuts(): void {
    this.cut.clear()
    for (const carrying of this.#carrying.values()) carrying.cut = false
  }

  /**
   * Holds all actors whose next round would only repeat the last one, and assesses each of them anew. Called when
   * the last step of a given schedule has been taken.
   */
  considerAll(): void {
    this.#assessments.clear()
    this.#carrying.clear()
    for (const actor of this.#world.actors) {
      const next = actor.waiting?.access ?? actor.pending
      if (actor.status === Status.FINISHED || actor.spin !== undefined || next === undefined) continue
      const timed = actor.waiting === undefined || next.timeout !== Infinity
      const end = this.#endOf(actor)
      this.#visits.visit(actor, end, () => this.#visits.stackAtEnd(actor, end))
      if (timed) this.#consider(actor, next)
    }
  }

  /**
   * Returns how many entries of its log lead up to an actor's present access. The log of a sleeper ends with the wait
   * in which it sleeps.
   */
  #endOf(actor: Actor): number {
    return actor.log.length - (actor.waiting === undefined ? 0 : 1)
  }

  #consider(actor: Actor, next: Access): boolean {
    const end = this.#endOf(actor)
    const most = (this.#rounds === Infinity ? 0 : this.#rounds) + MOST_LENGTHS
    const equal = equalBefore(this.#surroundings, actor, next, end, most)
    if (equal.length === 0) return false
    // A sleeper that times out and waits again moves to the end of the queue, so its round changes the order of the
    // sleepers.
    const queued =
      actor.waiting !== undefined && this.#world.queues.lengthAt(next.at) > 1 && this.#world.queueOrder.matters(next.at)
    const key = `${this.#visits.histories.of(actor, end)} ${actor.waiting === undefined ? '' : queued ? 'q' : 'w'}${equal.join()}`
    let assessment = this.#assessments.get(key)
    const disturbed = assessment === undefined
    if (assessment === undefined) this.#assessments.set(key, (assessment = this.#assess(actor, end, equal, queued)))
    if (assessment.kind === 'carries nothing')
      actor.spin = { reads: this.#reads(actor, next, end, assessment.length), cut: false }
    if (assessment.kind === 'carries') return this.#followOrCut(actor, next, end, assessment) || disturbed
    return disturbed
  }

  /**
   * Lets one actor whose loop was cut off go on, and returns whether there is such an actor. To be called when no other
   * actor can take a step.
   */
  release(): boolean {
    const cut = this.#world.actors.find(({ spin }) => spin?.cut === true)
    if (cut !== undefined) this.#world.unhold(cut)
    return cut !== undefined
  }

  #assess(actor: Actor, end: number, equal: readonly number[], queued: boolean): Assessment {
    const stack = this.#visits.stackAtEnd(actor, end)
    const stacks = this.#visits.stacksAt(
      actor,
      equal.map((length) => end - length),
    )
    const again = equal.filter((_, index) => stacks[index] === stack)
    const [nearest] = again
    if (nearest === undefined) return { kind: 'no loop' }
    const lengths = again.slice(0, MOST_LENGTHS)
    const carries = { kind: 'carries', rounds: again.length, length: nearest, stack } as const
    if (queued) return { ...carries, reason: 'changes the order of the sleepers' }
    if (
      this.#knownLoops.has(stack) &&
      this.#knownLoops.carriesNothing(this.#stacksOf(actor, end, nearest), this.#answers(actor, end, nearest))
    )
      return { kind: 'carries nothing', length: nearest }
    const before = this.#carrying.get(stack)
    // Most loops that carry something end soon, so the loop is assessed again only when it is about to be cut off.
    // After a cut the exploration is incomplete in any case.
    if (before !== undefined && (carries.rounds <= this.#rounds || before.cut))
      return { ...carries, reason: before.reason }
    let obstacles: (string | undefined)[] = []
    let learn: ((stacks: readonly string[]) => void) | undefined
    this.#visits.visit(actor, end, () => {
      obstacles = this.#obstacles(actor, end, lengths, (learning) => (learn = learning))
    })
    const fitting = lengths[obstacles.indexOf(undefined)]
    if (fitting !== undefined) {
      if (learn !== undefined && !this.#knownLoops.has(stack)) learn(this.#stacksOf(actor, end, nearest))
      const settled = this.#lastRoundChangedNothing(actor, end, fitting)
      return settled ? { kind: 'carries nothing', length: fitting } : { kind: 'settles' }
    }
    const reason = obstacles[0] ?? 'cannot be run again'
    if (before === undefined) this.#carrying.set(stack, { reason, cut: false })
    return { ...carries, reason }
  }

  /**
   * Whether the last round, too, left every variable as it was. If so, the actor has already been in every state of its
   * next round, and the steps of other actors were tried in each of them.
   */
  #lastRoundChangedNothing(actor: Actor, end: number, length: number): boolean {
    const answers = this.#answers(actor, end, length)
    const inspector = inspection()
    let repeated: boolean | undefined
    this.#visits.visit(actor, end - length, () => {
      repeated = inspector?.inspect((frames) => predict(inspector, frames, answers ?? []).obstacle === undefined)
    })
    return answers !== undefined && repeated === true
  }

  /**
   * Returns for each length of a round why the next round would not repeat the last one, or undefined if it would. If
   * the shortest would, `fits` gets a function that records the loop, given the stacks of the round's accesses.
   */
  #obstacles(
    actor: Actor,
    end: number,
    lengths: readonly number[],
    fits: (learn: (stacks: readonly string[]) => void) => void,
  ): (string | undefined)[] {
    const inspector = inspection()
    const found = inspector?.inspect((frames) => {
      return lengths.map((length) => {
        const answers = this.#answers(actor, end, length)
        if (answers === undefined) return 'reads a clock or draws a random number'
        const { obstacle, accesses } = predict(inspector, frames, answers)
        if (obstacle === undefined && length === lengths[0])
          fits((stacks) => this.#knownLoops.learn(stacks, inspector, frames, accesses))
        return obstacle
      })
    })
    return found ?? ['its code cannot be read']
  }

  /**
   * Returns the answers of the actor's last round; undefined if the actor got a value from outside the shared memory
   * that may differ the next time.
   */
  #answers(actor: Actor, end: number, length: number): Step[] | undefined {
    const steps = actor.log.slice(end - length, end)
    return steps.some(isFromOutside) ? undefined : steps.filter(({ access }) => access.kind !== Kind.LOCAL)
  }

  /** Returns the stacks of the accesses of the actor's last round. */
  #stacksOf(actor: Actor, end: number, length: number): string[] {
    const indexes = Array.from({ length }, (_, at) => end - length + at)
    return this.#visits.stacksAt(
      actor,
      indexes.filter((index) => actor.log[index]!.access.kind !== Kind.LOCAL),
    )
  }

  #reads(actor: Actor, next: Access, end: number, length: number): Access[] {
    const steps = actor.log.slice(end - length, end)
    return [next, ...steps.map(({ access }) => access).filter(({ kind }) => kind !== Kind.LOCAL)]
  }

  /** Follows a loop that carries something, or cuts it off. Returns whether the actor was run. */
  #followOrCut(actor: Actor, next: Access, end: number, assessment: Assessment & { kind: 'carries' }): boolean {
    if (assessment.rounds <= this.#rounds) return false
    const alone = !this.#world.actors.some((other) => other !== actor && other.enabled)
    if (alone || this.#rounds === Infinity) {
      // The loop may still come to carry nothing. It is assessed again when the actor's log is twice as long.
      actor.quietUntil = 2 * end
      return false
    }
    const left = this.#lookahead.stepsToEnd(actor)
    if (left === undefined) {
      actor.spin = { reads: this.#reads(actor, next, end, assessment.length), cut: true }
      this.#recordCut(actor, end, assessment)
      const carrying = this.#carrying.get(assessment.stack)
      if (carrying !== undefined) carrying.cut = true
    } else {
      actor.quietUntil = end + left
    }
    return true
  }

  #recordCut(actor: Actor, end: number, { reason, rounds }: Assessment & { kind: 'carries' }): void {
    let frame: Frame | undefined
    this.#visits.visit(actor, end, () => ([frame] = framesOf(captureStack())))
    const place = frame === undefined ? 'an unknown place' : formatFrame(frame)
    if (!this.cut.has(place)) this.cut.set(place, { actor: actor.name, place, rounds, reason })
  }
}

/** Whether a step got a value from outside the shared memory that may differ in the next round. */
function isFromOutside({ access }: Step): boolean {
  return access.kind === Kind.LOCAL && access.source !== 'new SharedArrayBuffer'
}
