/**
 * Controlled execution: runs the actors of a scenario on one thread, one shared access at a time, in the order that a
 * strategy chooses.
 *
 * To stop an actor in the middle of a synchronous function, the engine throws through it (UNWIND). To go on with it later,
 * the engine calls it again from the start and answers what it asks from its log, until it asks for something new. While a
 * strategy stays with one actor, nothing is thrown and nothing is called again: only a switch costs.
 *
 * To go on from the middle of an earlier schedule, steps are undone one by one: memory, queues and logs are as they were,
 * so a search over schedules does not start over for each.
 *
 * Invariants
 *   I1  Between steps, every READY actor has a pending access, and its log leads up to exactly that access.
 *   I2  Undoing a step restores all that taking it changed; a pending access outlives the step that it became.
 *   I3  Once an actor is being unwound, nothing that it does has any effect, whatever it catches.
 */
import { actAs } from '../sync/agent.ts'
import { Access, isAtomic, Kind, mayWrite, sameOperand, Step } from './access.ts'
import { Status } from './actor.ts'
import type { Actor } from './actor.ts'
import type { Controller, LocalSource } from './control/controller.ts'
import { NO_VIEW } from './control/shared-view.ts'
import type { Operand, SharedView } from './control/shared-view.ts'
import { describeAccess, describeAsked } from './describe.ts'
import { sourceApart, sourceFor } from './local-source.ts'
import { NOBODY } from './nobody.ts'
import { current, elementOf, perform, putBack } from './perform.ts'
import { callSite, captureStack } from './positions.ts'
import { Nondeterminism, Refusal } from './refusal.ts'
import { Regions } from './regions.ts'
import { lastRound } from './spin.ts'
import { explainFault } from './unseen.ts'
import { World } from './world.ts'

/** How a schedule ended: all actors did; none can go on; the strategy had enough; it reached the limit of steps. */
export type End = 'finished' | 'stuck' | 'pruned' | 'too-long'

/** Who takes the next step, of those whose bits are set; NOBODY gives this schedule up. Asked for every step. */
export type Choose = (enabled: number) => number

/** Agent numbers as the actors would have them as the first worker threads of a process. */
export const FIRST_AGENT = 2
/** Thrown through an actor to stop it. Made once, without a stack: it is thrown at every switch. */
const UNWIND = Symbol('racelab: an actor is unwound')
/** A loop that asks this often in a row for what changes nothing is taken to be endless. */
const SPIN_LIMIT = 5000
/** When nobody else can go on either, a spinner is given this much more before it is called a livelock. */
const PATIENCE = 100_000
/** An actor that caught the unwinding this often is in a loop that catches everything. */
const SWALLOW_LIMIT = 10_000

/** live: the actor has the turn. discover: only to learn its next access. alone: to learn whether it spins; no effects. */
type Mode = 'live' | 'discover' | 'alone'

export class Engine implements Controller {
  readonly regions = new Regions()
  readonly world: World
  /** Whether an access so far was not atomic, or of another size than the first: without, there are no data races. */
  racy = false
  /** Whether to note where in the source each access is, which is slow. */
  positions = false
  /** Called before anything is written while no actor runs. */
  beforeWrite: (() => void) | undefined
  readonly #maxSteps: number
  readonly #seed: number
  #choose: Choose = () => NOBODY
  #end: End = 'pruned'
  #failure: Error | undefined
  #size = 0
  #spinLimit = SPIN_LIMIT
  /** Whether memory(), observe() or the like runs, and how often it drew from outside. */
  #apart = false
  #apartDraws = 0
  // The run of an actor that is going on. Runs nest: a notify discovers what those it woke ask for next.
  #running: Actor | undefined
  #mode: Mode = 'live'
  /** The running actor was given the turn for its pending access, and has not come to it yet. */
  #granted = false
  /** The actor was stopped only to be run again: no step of it is due. */
  #resuming = false
  #unwinding = false
  #swallowed = 0
  #next = NOBODY
  #enabled = 0
  #aloneSteps = 0
  #aloneLimit = 0
  #endless = false

  constructor(actors: readonly Actor[], maxSteps: number, seed: number) {
    this.world = new World(actors)
    this.#maxSteps = maxSteps
    this.#seed = seed
  }

  get watching(): boolean {
    return this.#running !== undefined || this.#apart
  }

  /** Calls one of the scenario's functions that are no actors. Its clocks and random numbers are the same each time. */
  apart<Result>(work: () => Result): Result {
    this.#apart = true
    this.#apartDraws = 0
    try {
      return work()
    } finally {
      this.#apart = false
    }
  }

  /** Runs each actor up to its first access: once, before the first schedule. */
  start(): void {
    for (const actor of this.world.actors) this.#resume(actor, 'discover')
    this.#rethrow()
  }

  /** Undoes all, also what the actors did before their first access. */
  reset(): void {
    this.undoTo(0)
    for (const actor of this.world.actors) {
      actor.log.length = 0
      actor.status = Status.READY
      actor.pending = actor.spin = actor.result = actor.thrown = undefined
    }
  }

  /** Goes on from the present state until the schedule ends. */
  run(choose: Choose): End {
    this.#choose = choose
    this.#next = this.#decide()
    while (this.#next !== NOBODY) {
      const actor = this.world.actors[this.#next] as Actor
      if (this.#resuming) this.#resuming = false
      else if (actor.status === Status.WAITING) this.world.timeOut(actor).enabled = this.#enabled
      else this.#granted = true
      this.#resume(actor, 'live')
    }
    this.#rethrow()
    return this.#end
  }

  undoTo(length: number): void {
    while (this.world.trace.length > length) this.world.undo()
  }

  /** Calls an actor that has ended once more, with everything answered from its log. Returns what it returned now. */
  rerun(actor: Actor): unknown {
    const { result, thrown } = actor
    this.#resume(actor, 'discover')
    this.#rethrow()
    const again = actor.thrown ?? actor.result
    Object.assign(actor, { result, thrown })
    return again
  }

  // What the replaced globals call.

  access(kind: Kind, view: SharedView, index: number, a: Operand, b: Operand): unknown {
    const actor = this.#running
    if (actor === undefined) return this.#direct(kind, view, index, a, b)
    if (this.#unwinding) return this.#unwindAgain(kind, view, index, a, b)
    const bytes = kind === Kind.READ_BYTES || kind === Kind.WRITE_BYTES
    const at = this.regions.locate(view) + (bytes ? index : index * view.width)
    const size = bytes ? (b as number) : view.width
    const logged = actor.log[actor.cursor]
    if (logged === undefined) return this.#fresh(actor, new Access(kind, view, index, at, size, a, b))
    if (!logged.access.matches(kind, at, size, a, b)) {
      return this.#differs(actor, logged.access, describeAsked(kind, view, index, a, b))
    }
    actor.cursor++
    return logged.result
  }

  local<T>(what: string, make: (source: LocalSource) => T): T {
    const actor = this.#running
    if (actor === undefined) return make(sourceApart(this.#seed, this.#apartDraws++))
    if (this.#unwinding) throw UNWIND
    const logged = actor.log[actor.cursor]
    if (logged === undefined) return this.#freshLocal(actor, what, make)
    if (logged.access.kind !== Kind.LOCAL || logged.access.a !== what) return this.#differs(actor, logged.access, what)
    actor.cursor++
    return logged.result as T
  }

  /** Making a proxy costs more than all else of a run, and a run makes the same views as the last one, mostly. */
  view(native: object, args: readonly unknown[], make: () => object): object {
    const actor = this.#running
    if (actor === undefined) return make()
    const made = actor.views[actor.viewed]
    if (made?.native === native && made.args.length === args.length && args.every((arg, at) => arg === made.args[at])) {
      actor.viewed++
      return made.view
    }
    const view = make()
    actor.views[actor.viewed++] = { native, args, view }
    return view
  }

  refuse(message: string): never {
    return this.#fail(new Refusal(`${this.#running?.name ?? 'The scenario'}: ${message}${callSite()}`))
  }

  // One run of an actor, from its start to wherever it is stopped.

  #resume(actor: Actor, mode: Mode): void {
    const [running, beforeMode, unwinding, granted] = [this.#running, this.#mode, this.#unwinding, this.#granted]
    const agent = actAs(actor.index + FIRST_AGENT)
    this.#running = actor
    this.#mode = mode
    this.#unwinding = false
    this.#swallowed = 0
    if (mode !== 'live') this.#granted = false
    actor.cursor = 0
    actor.viewed = 0
    try {
      const result = actor.body()
      if (result instanceof Promise) this.#refusePromise(actor, result)
      else if (!this.#unwinding) this.#finish(actor, result, undefined)
    } catch (error) {
      if (!this.#unwinding) this.#caught(actor, error)
    } finally {
      actAs(agent)
      this.#running = running
      this.#mode = beforeMode
      this.#unwinding = unwinding
      this.#granted = mode === 'live' ? false : granted
    }
  }

  /** An async function turns whatever unwinds it into a promise. */
  #refusePromise(actor: Actor, promise: Promise<unknown>): void {
    promise.catch(() => {})
    this.#stop(new Refusal(`${actor.name} returned a promise: an actor is a synchronous function.`))
  }

  #caught(actor: Actor, error: unknown): void {
    const fault = explainFault(error)
    if (fault !== undefined) this.#stop(new Refusal(`${actor.name}: ${fault}`))
    else this.#finish(actor, undefined, { error })
  }

  #finish(actor: Actor, result: unknown, thrown: { error: unknown } | undefined): void {
    if (this.#mode === 'alone') return
    const expected = this.#granted ? actor.pending : actor.log[actor.cursor]?.access
    if (expected !== undefined) {
      const how = thrown === undefined ? 'returned' : `threw ${String(thrown.error)}`
      this.#stop(new Nondeterminism(differenceMessage(actor, expected, `it ${how}`)))
      return
    }
    actor.status = Status.FINISHED
    actor.pending = undefined
    actor.result = result
    actor.thrown = thrown
    if (this.#mode === 'live') this.#next = this.#decide()
  }

  // The first access that is not in the log.

  #fresh(actor: Actor, access: Access): unknown {
    if (this.#mode === 'alone') return this.#pretend(access)
    if (this.#granted) {
      this.#granted = false
      const pending = actor.pending as Access
      return pending.same(access) ? this.#take(actor, pending) : this.#differs(actor, pending, describeAccess(access))
    }
    if (actor.status === Status.FINISHED)
      return this.#fail(new Nondeterminism(`${actor.name} did not end where it had.`))
    if (this.positions) access.stack = captureStack()
    actor.pending = access
    if (!isAtomic(access.kind) || (access.size !== this.#size && this.#size !== 0)) this.racy = true
    this.#size = access.size
    const disturbed = this.#hold(actor, access)
    if (this.#mode === 'discover') return this.#unwind()
    this.#next = this.#decide()
    // If it is the actor that asks who is next, it goes on as if nothing had been.
    return this.#next === actor.index && !disturbed ? this.#take(actor, access) : this.#unwind()
  }

  #take(actor: Actor, access: Access): unknown {
    const step = this.world.take(actor, access)
    step.enabled = this.#enabled
    if (actor.status === Status.WAITING) {
      if (access.b !== Infinity) this.#hold(actor, access)
      this.#next = this.#decide()
      return this.#unwind()
    }
    if (step.woken === undefined || step.woken.length === 0) return step.result
    for (const wait of step.woken) this.#resume(wait.actor, 'discover')
    // Those ran in the middle of this actor's run, and may have used what the module shares (scratch buffers): start over.
    this.#next = this.#failure === undefined ? actor.index : NOBODY
    this.#resuming = this.#failure === undefined
    return this.#unwind()
  }

  #decide(): number {
    if (this.#failure !== undefined) return NOBODY
    let enabled = 0
    let ended = true
    for (const actor of this.world.actors) {
      if (actor.enabled) enabled |= 1 << actor.index
      if (actor.status !== Status.FINISHED) ended = false
    }
    if (enabled === 0) {
      this.#end = ended ? 'finished' : 'stuck'
      if (!ended) this.#reconsider()
      return NOBODY
    }
    if (this.world.trace.length >= this.#maxSteps) {
      this.#end = 'too-long'
      return NOBODY
    }
    this.#enabled = enabled
    const next = this.#choose(enabled)
    if (next === NOBODY) this.#end = 'pruned'
    return next
  }

  #freshLocal<T>(actor: Actor, what: string, make: (source: LocalSource) => T): T {
    if (this.#mode === 'alone') {
      this.#countAlone()
      return make(sourceFor(this.#seed, actor, this.#aloneSteps))
    }
    const ordinal = actor.log.length
    const step = new Step(actor, new Access(Kind.LOCAL, NO_VIEW, 0, -1, 0, what, undefined), -1, ordinal)
    const value = make(sourceFor(this.#seed, actor, 0))
    this.regions.addOwn(value, actor.index, ordinal)
    step.result = value
    step.effect = typeof value === 'object'
    actor.log.push(step)
    actor.cursor++
    return value
  }

  // Spin loops: see spin.ts.

  /**
   * Holds an actor that is about to go once more through a loop that cannot end by itself. Returns whether the actor was
   * run to find out: its present run is then not to be gone on with, since the two may share what a module keeps.
   */
  #hold(actor: Actor, next: Access): boolean {
    const round = lastRound(actor, next, this.world.queues)
    if (round === undefined) return false
    if (this.#spinsAlone(actor, this.#spinLimit)) actor.spin = round
    return true
  }

  #spinsAlone(actor: Actor, limit: number): boolean {
    const outer = [this.#aloneSteps, this.#aloneLimit, this.#endless] as const
    this.#aloneSteps = 0
    this.#aloneLimit = limit
    this.#endless = false
    // A sleeper is asked what it would do if its time ran out.
    if (actor.waiting !== undefined) actor.waiting.result = 'timed-out'
    this.#resume(actor, 'alone')
    actor.cursor = actor.log.length
    if (actor.waiting !== undefined) actor.waiting.result = undefined
    const endless = this.#endless
    ;[this.#aloneSteps, this.#aloneLimit, this.#endless] = outer
    return endless
  }

  /** Answers an access as it would be answered now, unless that would change something: then the loop has an end. */
  #pretend(access: Access): unknown {
    const { kind, view, index, at, a, b } = access
    this.#countAlone()
    if (kind === Kind.NOTIFY) return this.world.queues.lengthAt(at) === 0 ? 0 : this.#unwind()
    if (kind === Kind.WAIT) {
      if (elementOf(view, index) !== a) return 'not-equal'
      return b === Infinity ? this.#unwind() : 'timed-out'
    }
    if (!mayWrite(kind)) return perform(kind, view, index, a, b)
    const before = current(kind, view, index, b)
    const result = perform(kind, view, index, a, b)
    if (sameOperand(current(kind, view, index, b), before)) return result
    putBack(view, index, before)
    return this.#unwind()
  }

  #countAlone(): void {
    if (++this.#aloneSteps <= this.#aloneLimit) return
    this.#endless = true
    this.#unwind()
  }

  /** Nobody can go on: before that is called a livelock, are the loops really endless? */
  #reconsider(): void {
    for (const actor of this.world.actors) {
      if (actor.spin === undefined || this.#spinsAlone(actor, PATIENCE)) continue
      this.world.misjudged = true
      this.#spinLimit = PATIENCE
      this.#end = 'pruned'
    }
  }

  // While no actor runs: memory() and observe().

  #direct(kind: Kind, view: SharedView, index: number, a: Operand, b: Operand): unknown {
    if (kind === Kind.NOTIFY) return 0
    if (kind === Kind.WAIT) {
      if (elementOf(view, index) !== a) return 'not-equal'
      return b === Infinity
        ? this.refuse('Atomics.wait would sleep for ever, since no actor runs any more.')
        : 'timed-out'
    }
    if (mayWrite(kind)) this.beforeWrite?.()
    return perform(kind, view, index, a, b)
  }

  // Ways out.

  #unwind(): never {
    this.#unwinding = true
    throw UNWIND
  }

  /** I3. Code that catches everything in a loop is let go on at last, to no purpose, since it cannot be stopped. */
  #unwindAgain(kind: Kind, view: SharedView, index: number, a: Operand, b: Operand): unknown {
    if (++this.#swallowed < SWALLOW_LIMIT) throw UNWIND
    this.#failure ??= new Refusal(
      `${this.#running?.name} catches the exception that the explorer stops it with, and goes on: ` +
        `rethrow what is not yours.${callSite()}`,
    )
    this.#next = NOBODY
    if (kind === Kind.WAIT) return 'timed-out'
    return kind === Kind.NOTIFY ? 0 : perform(kind, view, index, a, b)
  }

  #differs(actor: Actor, before: Access, now: string): never {
    return this.#fail(new Nondeterminism(differenceMessage(actor, before, now) + callSite()))
  }

  #fail(error: Error): never {
    this.#stop(error)
    if (this.#running === undefined) throw error
    return this.#unwind()
  }

  #stop(error: Error): void {
    this.#failure ??= error
    this.#next = NOBODY
  }

  #rethrow(): void {
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw failure
  }
}

function differenceMessage(actor: Actor, before: Access, now: string): string {
  return (
    `${actor.name} is not deterministic: run again with the same values read, it came to ${now} ` +
    `where it had come to ${describeAccess(before)}. Something outside the shared memory differs between two runs.`
  )
}
