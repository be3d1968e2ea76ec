/**
 * The state that a schedule leads to: the memory, the sleepers, and how far each actor has come. The world takes steps
 * and undoes them. The engine decides which actor takes a step, and makes the actors run.
 */
import { Access, isEvent, Kind, mayWrite, NO_ADDRESS, overlap, sameOperand } from './access.ts'
import { CRASHED, Step } from './actor.ts'
import type { Actor, Rousing } from './actor.ts'
import { BEGINS, READS_VALUE, touchesOf } from './dependence.ts'
import { current, elementOf, perform, putBack } from './perform.ts'
import type { Learnt } from './learnt.ts'
import { Silence } from './silence.ts'
import { QueueOrder } from './queue-order.ts'
import { NO_VIEW } from './shared-view.ts'
import { WaitQueues } from './wait-queues.ts'

/** Takes steps and undoes them. */
export class World {
  readonly actors: readonly Actor[]
  readonly trace: Step[] = []
  /**
   * The units of the schedule, by their first steps: the turn can pass from one actor to another between two units only. Without
   * contracts, each step is a unit.
   */
  units = this.trace
  readonly queues = new WaitQueues()
  /**
   * Whether an assumption has turned out wrong. The schedules that relied on it may have missed something, so the
   * exploration must start over.
   */
  misjudged = false
  readonly queueOrder = new QueueOrder()
  readonly #silence = new Silence()
  /** An actor that `unhold` let go on; the next step records it. */
  #unheld: Rousing | undefined

  constructor(actors: readonly Actor[]) {
    this.actors = actors
  }

  /** What has been learnt about assumptions. */
  get learnt(): Omit<Learnt, 'uses'> {
    return { ...this.#silence.learnt, ...this.queueOrder.learnt }
  }

  /** Knows from now on what a search has learnt, and nothing else. */
  recall(learnt: Omit<Learnt, 'uses'>): void {
    this.#silence.recall(learnt)
    this.queueOrder.recall(learnt)
  }

  /** Carries out an actor's next access and returns the step. */
  take(actor: Actor, access: Access): Step {
    const step = this.#newStep(actor, access)
    actor.log.push(step)
    actor.cursor = actor.log.length
    actor.pending = undefined
    if (access.kind === Kind.WAIT) this.#wait(step)
    else if (access.kind === Kind.NOTIFY) this.#notify(step)
    else if (!isEvent(access.kind)) this.#touch(step)
    else if (access.kind === Kind.CRASH) this.#crash(step)
    this.#silence.note(access)
    const silent = !step.effect && this.#silence.takes(access)
    step.touches = silent ? READS_VALUE : touchesOf(step)
    if (access.begins?.ordered === true) step.touches |= BEGINS
    if (this.#silence.broken) this.#startOver()
    if (step.effect) this.#rouse(step)
    return step
  }

  /** Lets an actor begin only when another one has crashed. To be called before the first step. */
  awaitCrash(actor: Actor): void {
    actor.birth = new Step(actor, new Access(Kind.WAIT, NO_VIEW, 0, NO_ADDRESS, 0, 0, Infinity), -1, -1)
    actor.waiting = actor.birth
    this.queues.join(actor.birth)
  }

  /** Makes units of the steps from now on, as contracts say. */
  makeUnits(): void {
    if (this.units === this.trace) this.units = [...this.trace]
  }

  #startOver(): void {
    this.#silence.broken = this.queueOrder.broken = false
    this.misjudged = true
  }

  /** Ends a timed wait that no notify has ended, and returns the step. */
  timeOut(actor: Actor): Step {
    const wait = actor.waiting!
    const { view, index, at, size } = wait.access
    const access = new Access(Kind.TIMEOUT, view, index, at, size, undefined, undefined)
    access.madeAt = wait.access.madeAt
    const step = this.#newStep(actor, access)
    step.queuedAt = this.queues.leave(wait)
    step.woken = [wait]
    wait.result = 'timed-out'
    wait.effect = false
    step.touches = touchesOf(step)
    actor.waiting = undefined
    return step
  }

  #newStep(actor: Actor, access: Access): Step {
    const step = new Step(actor, access, this.trace.length, actor.log.length)
    this.trace.push(step)
    if (this.units !== this.trace) this.#addToUnits(step)
    if (this.#unheld !== undefined) step.roused = [this.#unheld]
    this.#unheld = undefined
    return step
  }

  #addToUnits(step: Step): void {
    const unit = this.units.at(-1)
    if (step.access.within && unit !== undefined) {
      step.unit = unit.unit
      unit.rest ??= []
      unit.rest.push(step)
      return
    }
    step.unit = this.units.length
    this.units.push(step)
  }

  /** Lets a held actor go on. When the next step is undone, the actor is held again. */
  unhold(actor: Actor): void {
    if (actor.spin !== undefined && actor.spin.closed !== true) this.#unheld = { actor, spin: actor.spin }
    actor.spin = undefined
  }

  /** Undoes the last step. */
  undo(): void {
    if (this.#unheld !== undefined) this.#unheld.actor.spin = this.#unheld.spin
    this.#unheld = undefined
    const step = this.trace.pop()
    if (step === undefined) return
    // A unit keeps its steps: a strategy may remember it.
    if (this.units !== this.trace && this.units.at(-1) === step) this.units.pop()
    const { access, actor } = step
    if (access.kind === Kind.TIMEOUT) this.#undoTimeOut(step)
    else if (access.kind === Kind.NOTIFY || access.kind === Kind.CRASH) this.#undoNotify(step)
    else if (access.kind === Kind.WAIT && actor.waiting === step) this.queues.leave(step)
    else if (step.effect) putBack(access.view, access.index, step.before)
    if (access.kind !== Kind.TIMEOUT) actor.rewind(step.logged, access, undefined)
    for (const { actor: held, spin } of step.roused ?? []) held.spin = spin
  }

  #wait(step: Step): void {
    const { view, index, expected, timeout } = step.access
    step.before = step.after = elementOf(view, index)
    if (step.before !== expected) {
      step.result = 'not-equal'
    } else if (timeout === 0) {
      step.result = 'timed-out'
    } else {
      this.queues.join(step)
      step.actor.waiting = step
      step.effect = true
    }
  }

  #notify(step: Step): void {
    step.woken = this.queues.take(step.access.at, step.access.count)
    step.result = step.woken.length
    if (step.woken.length > 0 && this.queues.lengthAt(step.access.at) > 0) this.queueOrder.note(step.access.at)
    if (this.queueOrder.broken) this.#startOver()
    step.effect = step.woken.length > 0
    for (const wait of step.woken) {
      wait.result = 'ok'
      wait.actor.waiting = undefined
      this.#stopSpinning(wait.actor, step)
    }
  }

  /** Ends the actor of the step, and lets those begin that wait for that. */
  #crash(step: Step): void {
    this.#notify(step)
    step.actor.ended = CRASHED
  }

  #touch(step: Step): void {
    const { kind, view, index, first, second } = step.access
    step.before = current(kind, view, index, second)
    step.result = perform(kind, view, index, first, second)
    step.after = mayWrite(kind) ? current(kind, view, index, second) : step.before
    step.effect = !sameOperand(step.before, step.after)
  }

  /** Lets a held actor go on if its loop reads what the step has changed. */
  #rouse(step: Step): void {
    const { access } = step
    const { at } = access
    for (const actor of this.actors) {
      const { spin, open } = actor
      if (open !== undefined && open.some((read) => overlap(read, access))) actor.open = undefined
      if (spin?.reads.some((read) => overlap(read, access)) !== true) continue
      // A wait changes no value. It matters to a loop that notifies, because a notify counts the sleepers, and to a
      // loop that sleeps where the order of the sleepers matters.
      const isWait = access.kind === Kind.WAIT
      if (isWait && (spin.cut || !(spin.reads.some(({ kind }) => kind === Kind.NOTIFY) || this.queueOrder.matters(at))))
        continue
      this.#stopSpinning(actor, step)
    }
  }

  #stopSpinning(actor: Actor, step: Step): void {
    const { spin } = actor
    actor.spin = undefined
    // Whether a call goes through is found out anew after steps are undone.
    if (spin === undefined || spin.closed === true) return
    step.roused ??= []
    step.roused.push({ actor, spin })
  }

  #undoTimeOut(step: Step): void {
    const [wait] = step.woken as [Step]
    this.queues.insert(wait, step.queuedAt)
    wait.result = undefined
    wait.effect = true
    step.actor.rewind(step.logged, undefined, wait)
  }

  #undoNotify(step: Step): void {
    const woken = step.woken ?? []
    this.queues.putBack(step.access.at, woken)
    for (const wait of woken) {
      wait.result = undefined
      wait.actor.rewind(wait.logged + 1, undefined, wait)
    }
  }
}
