/**
 * Spin loops. A loop whose accesses change nothing makes endless schedules, in which all rounds after the first are
 * alike.
 *
 * A round is one pass through the loop, from an access to the same access. It carries nothing if it leaves memory and
 * every variable as they were. Such a round would repeat forever while the values that it reads stay the same, so its
 * actor is held until one of them changes. No outcome is lost, since a held round would lead where the last one led,
 * through the same states. The explorer knows that a round carries nothing from the source of the code and the values
 * of its variables (round.ts). For each set of answers, it checks this once against what the round has done to the
 * variables (snapshot.ts), and against a thousand more accesses (lookahead.ts). If it cannot show that a round carries nothing, it treats the round as
 * carrying something.
 *
 * A loop that carries something, such as a counter, or that changes memory, is followed for some more rounds. If it
 * would not end by itself soon, it is then cut off: the actor is held while another actor can take a step, and the
 * exploration is not complete.
 *
 * The idea of treating a spin as waiting for its condition is from Kokologiannakis, Ren, Vafeiadis, "Dynamic Partial
 * Order Reductions for Spinloops", FMCAD 2021.
 */
import type { Access } from '../../model/access.ts'
import type { Actor } from '../../model/actor.ts'
import { Status } from '../../model/actor.ts'
import type { Lookahead } from '../lookahead.ts'
import { captureStack, formatFrame, framesOf } from '../positions.ts'
import type { Frame } from '../positions.ts'
import type { World } from '../../model/world.ts'
import { Assessments, MOST_LENGTHS } from './assessments.ts'
import type { Carries, Repetition } from './assessments.ts'
import { equalBefore, equalSinceOthers } from './equal-accesses.ts'
import type { Surroundings } from './equal-accesses.ts'
import { accessesOf } from './last-round.ts'
import { RoundChecks } from './round-checks.ts'
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

/** How many equal accesses a round may have, so that enough rounds of it are found. */
const EQUAL_IN_A_ROUND = 4

/** Holds actors in loops, and cuts loops off. */
export class Spins {
  /** The loops that were cut off, by their position in the source. */
  readonly cut = new Map<string, CutLoop>()
  readonly #world: World
  readonly #surroundings: Surroundings
  readonly #visits: Visits
  readonly #lookahead: Lookahead
  readonly #checks: RoundChecks
  readonly #rounds: number
  #assessments: Assessments

  constructor(surroundings: Surroundings, visits: Visits, lookahead: Lookahead, rounds: number) {
    this.#world = surroundings.world
    this.#surroundings = surroundings
    this.#visits = visits
    this.#lookahead = lookahead
    this.#checks = new RoundChecks(surroundings, visits, lookahead)
    this.#rounds = rounds
    this.#assessments = this.#newAssessments()
  }

  #newAssessments(): Assessments {
    return new Assessments(this.#surroundings, this.#visits, this.#lookahead, this.#checks, this.#rounds)
  }

  /**
   * Holds the running actor if its next round would only repeat the last one. `next` is the access that it has come to,
   * or in which it sleeps. Returns true if the actor must be run again to know this. The caller must then end the
   * actor's present run, since two runs may share variables of a module, and call `examine`.
   */
  consider(actor: Actor, next: Access): boolean {
    const end = this.#endOf(actor)
    if (end < actor.quietUntil) return false
    const repetition = this.#repetition(actor, next, end)
    if (repetition === undefined || this.#assessments.passed(repetition)) return false
    this.#visits.record(actor, end)
    const assessment = this.#assessments.known(repetition)
    if (assessment?.kind === 'carries nothing') this.#hold(repetition, assessment.length, false)
    return assessment === undefined || (assessment.kind === 'carries' && assessment.rounds > this.#rounds)
  }

  /**
   * Holds an actor as `consider` does, and runs it again if necessary. The caller must call an actor that is in the
   * middle of its run again from its start.
   */
  examine(actor: Actor): void {
    const next = actor.waiting?.access ?? actor.pending
    const end = this.#endOf(actor)
    const repetition = next && end >= actor.quietUntil ? this.#repetition(actor, next, end) : undefined
    if (repetition === undefined) return
    const assessment = this.#assessments.of(repetition)
    if (assessment.kind === 'carries nothing') this.#hold(repetition, assessment.length, false)
    if (assessment.kind === 'carries' && assessment.rounds > this.#rounds) this.#followOrCut(repetition, assessment)
  }

  /** Forgets the assessments of loops. Stacks and inspections stay known: they depend on nothing but the actor's history. */
  startAfresh(): void {
    this.cut.clear()
    this.#assessments = this.#newAssessments()
  }

  /** Forgets which loops were cut off, for an exploration that starts over. */
  forgetCuts(): void {
    this.cut.clear()
    this.#assessments.forgetCuts()
  }

  /** Whether an actor has come to a loop whose assessment may depend on the schedules that were run before. */
  get hasLoops(): boolean {
    return this.#assessments.hasLoops || this.cut.size > 0
  }

  /**
   * Holds all actors whose next round would only repeat the last one, and assesses each of them anew. Called when
   * the last step of a given schedule has been taken.
   */
  considerAll(): void {
    this.#assessments.clear()
    for (const actor of this.#world.actors) {
      const next = actor.waiting?.access ?? actor.pending
      if (actor.status === Status.FINISHED || actor.unborn || actor.spin !== undefined || next === undefined) continue
      const timed = actor.waiting === undefined || next.timeout !== Infinity
      const end = this.#endOf(actor)
      this.#visits.visit(actor, end, () => this.#visits.record(actor, end))
      if (timed) this.examine(actor)
    }
  }

  /**
   * Returns how many entries of its log lead up to an actor's present access. The log of a sleeper ends with the wait
   * in which it sleeps.
   */
  #endOf(actor: Actor): number {
    return actor.log.length - (actor.waiting === undefined ? 0 : 1)
  }

  #repetition(actor: Actor, next: Access, end: number): Repetition | undefined {
    const rounds = this.#rounds === Infinity ? 0 : this.#rounds
    // Several accesses of a round may be equal.
    const most = EQUAL_IN_A_ROUND * (rounds + MOST_LENGTHS)
    const arrival = { actor, next, end }
    const equal = equalBefore(this.#surroundings, arrival, most)
    if (equal.length > 0) return { ...arrival, equal, changes: false }
    if (this.#rounds === Infinity || actor.waiting !== undefined) return undefined
    const changing = equalSinceOthers(this.#surroundings, arrival, most)
    return changing.length > rounds ? { ...arrival, equal: changing, changes: true } : undefined
  }

  /**
   * Lets one actor go on that is held before a call, or whose loop was cut off, and returns whether there is such an actor. To be
   * called when no other actor can take a step.
   */
  release(): boolean {
    const { actors } = this.#world
    const held = actors.find(({ spin }) => spin?.closed === true) ?? actors.find(({ spin }) => spin?.cut === true)
    if (held !== undefined) this.#world.unhold(held)
    return held !== undefined
  }

  #hold(repetition: Repetition, length: number, cut: boolean): void {
    const { actor, next } = repetition
    actor.spin = { reads: [next, ...accessesOf(repetition, length).map((index) => actor.log[index]!.access)], cut }
  }

  /** Follows a loop that carries something, or cuts it off. */
  #followOrCut(repetition: Repetition, assessment: Carries): void {
    const { actor, end } = repetition
    const alone = !this.#world.actors.some((other) => other !== actor && other.enabled)
    if (alone || this.#rounds === Infinity) {
      // The loop may still come to carry nothing. It is assessed again when the actor's log is twice as long.
      actor.quietUntil = 2 * end
      return
    }
    const left = repetition.changes ? this.#lookahead.stepsThroughChanges(actor) : this.#lookahead.stepsToEnd(actor)
    if (left !== undefined) {
      actor.quietUntil = end + left
      return
    }
    this.#hold(repetition, assessment.length, true)
    this.#recordCut(actor, end, assessment)
    this.#assessments.noteCut(assessment.stack)
  }

  #recordCut(actor: Actor, end: number, { reason, rounds }: Carries): void {
    let frame: Frame | undefined
    this.#visits.visit(actor, end, () => ([frame] = framesOf(captureStack())))
    const place = frame === undefined ? 'an unknown place' : formatFrame(frame)
    if (!this.cut.has(place)) this.cut.set(place, { actor: actor.name, place, rounds, reason })
  }
}
