/**
 * Lookahead: runs an actor alone, without effect, to find out whether its loop would end by itself. Then the loop is
 * worth following to its end, and a prediction that it would not end is wrong. spins/ decides which loops are
 * examined.
 */
import type { Access } from '../model/access.ts'
import { isEvent, Kind, mayWrite, sameOperand } from '../model/access.ts'
import type { Actor } from '../model/actor.ts'
import { current, elementOf, perform, putBack } from '../model/perform.ts'
import type { Runs } from './runs.ts'
import type { World } from '../model/world.ts'

/** After how many accesses in a row that change nothing a lookahead ends. Tests of predictions alone set others. */
export const lookaheadLimits = {
  /** Then the loop is taken to be endless. */
  spin: 5000,
  /** The same for a loop that changes memory. */
  changes: 10_000,
  /** Then the loop repeats its rounds, as was predicted. */
  repeats: 1000,
  /** Then a call of a covered method does not go through. */
  call: 1000,
}

/** Whether an access is the one that is expected. */
export type IsExpected = (access: Access) => boolean

/** Adds an access to those that a call makes, if it makes no other one of this kind there. */
function noteRead(reads: Access[], access: Access): void {
  const { kind, at, size } = access
  if (!reads.some((read) => read.at === at && read.size === size && read.kind === kind)) reads.push(access)
}

/** Runs actors alone. */
export class Lookahead {
  /** How many accesses and local values the actor has asked for beyond its log. */
  steps = 0
  readonly #runs: Runs
  readonly #world: World
  #limit = 0
  /** Whether an access is that of the round that the actor is to repeat; undefined if it may make any. */
  #round: readonly IsExpected[] | undefined
  #endless = false
  /** What a call has read, while it is tried whether it goes through; and whether it has. */
  #reads: Access[] | undefined
  #through = false
  /** The number of covered calls that the actor is in, from the first access of the call that is tried on. */
  #level = 0
  /** How to undo the changes that the actor has made; undefined if the first one ends the run. */
  #changes: (() => void)[] | undefined

  constructor(runs: Runs, world: World) {
    this.#runs = runs
    this.#world = world
  }

  /**
   * Returns how many accesses and local values an actor would ask for before it ends, sleeps or changes something, if
   * no other actor took a step; undefined if there are more than the limit.
   */
  stepsToEnd(actor: Actor): number | undefined {
    this.#run(actor, lookaheadLimits.spin, undefined)
    return this.#endless ? undefined : this.steps
  }

  /** Returns the same for an actor that may change memory on its way. Memory is as it was afterwards. */
  stepsThroughChanges(actor: Actor): number | undefined {
    this.#changes = []
    this.#run(actor, lookaheadLimits.changes, undefined)
    for (const undo of this.#changes.toReversed()) undo()
    this.#changes = undefined
    return this.#endless ? undefined : this.steps
  }

  /**
   * Whether an actor, if no other actor took a step, would make the accesses of a round again and again, as far as a
   * lookahead goes. `round`: what to expect, for each access and local value from the one that the actor has come to or
   * sleeps in.
   */
  repeats(actor: Actor, round: readonly IsExpected[]): boolean {
    const begun = actor.waiting === undefined ? 0 : 1
    this.#run(actor, lookaheadLimits.repeats, [...round.slice(begun), ...round.slice(0, begun)])
    return this.#endless
  }

  /** Returns what the call that an actor has come to would read, and whether it would go through, if no other actor took a step. */
  tryCall(actor: Actor): { readonly open: boolean; readonly reads: readonly Access[] } {
    const reads: Access[] = (this.#reads = [])
    this.#changes = []
    this.#through = false
    this.#level = 0
    this.#run(actor, lookaheadLimits.call, undefined)
    for (const undo of this.#changes.toReversed()) undo()
    this.#changes = undefined
    this.#reads = undefined
    return { open: this.#through, reads }
  }

  /** Whether it is being found out if a call goes through. */
  get isTrial(): boolean {
    return this.#reads !== undefined
  }

  /** Called when the running actor has come out of a covered call. */
  returned(actor: Actor): void {
    if (this.#reads === undefined || actor.calls.length >= this.#level) return
    this.#through = true
    this.#runs.unwind()
  }

  #run(actor: Actor, limit: number, round: readonly IsExpected[] | undefined): void {
    this.steps = 0
    this.#limit = limit
    this.#round = round
    this.#endless = limit === 0
    if (this.#endless) return
    // A sleeper runs as if its wait had timed out.
    if (actor.waiting !== undefined) actor.waiting.result = 'timed-out'
    const views = actor.views.length
    this.#runs.resume(actor, 'alone')
    // A loop that calls itself for its next round has no end of its own.
    if (this.#runs.overflowed) this.#endless = true
    // The views of a lookahead are not made again, and would keep their buffers.
    actor.views.length = Math.min(actor.views.length, views)
    actor.cursor = actor.log.length
    if (actor.waiting !== undefined) actor.waiting.result = undefined
  }

  /**
   * Answers an access as it would be answered now. If the access would change something or sleep, the loop has an end,
   * and the run is stopped.
   */
  pretend(access: Access): unknown {
    const { kind, view, index, at, first, second } = access
    // The call has returned, so its loop has ended.
    if (isEvent(kind)) return this.#runs.unwind()
    if (this.#round?.[this.steps % this.#round.length]?.(access) === false) return this.#runs.unwind()
    this.count()
    if (this.#reads !== undefined) {
      this.#level ||= 1 + this.#runs.running!.calls.findIndex(({ method }) => method.waits === 'before')
      noteRead(this.#reads, access)
      if (kind === Kind.NOTIFY) return Math.min(access.count, this.#world.queues.lengthAt(at))
    }
    if (kind === Kind.NOTIFY) return this.#world.queues.lengthAt(at) === 0 ? 0 : this.#runs.unwind()
    if (kind === Kind.WAIT) {
      if (elementOf(view, index) !== access.expected) return 'not-equal'
      return access.timeout === Infinity ? this.#runs.unwind() : 'timed-out'
    }
    if (!mayWrite(kind)) return perform(kind, view, index, first, second)
    const before = current(kind, view, index, second)
    const result = perform(kind, view, index, first, second)
    if (sameOperand(current(kind, view, index, second), before)) return result
    if (this.#changes === undefined) {
      putBack(view, index, before)
      return this.#runs.unwind()
    }
    this.#changes.push(() => putBack(view, index, before))
    return result
  }

  /** Counts an access or local value, and stops the run when there are too many. */
  count(): void {
    if (++this.steps <= this.#limit) return
    this.#endless = true
    this.#runs.unwind()
  }
}
