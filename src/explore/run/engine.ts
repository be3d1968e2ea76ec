/**
 * Controlled execution: runs the actors of a scenario on one thread, one shared access at a time, in the order that a
 * strategy chooses.
 *
 * To stop an actor in the middle of a synchronous function, the engine throws through it (runs.ts). To continue it
 * later, the engine calls it again from its start and answers its accesses from its log, until it asks for a new one.
 * While the same actor keeps the turn, nothing is thrown and nothing is called again: only a switch costs a
 * re-execution.
 *
 * To continue from the middle of an earlier schedule, the engine undoes steps one by one. Memory, queues and logs are
 * then as they were, so a search over schedules need not start each of them from the beginning.
 *
 * Invariants
 *   I1  Between steps, each READY actor has a pending access, and its log leads up to exactly that access.
 *   I2  Undoing a step restores all that the step changed. The pending access that became the step is pending again.
 *   I3  Once an actor is being unwound, nothing that it does has any effect, whatever it catches.
 */
import { Access, isAtomic, isEvent, Kind, NO_ADDRESS, sizeOf } from '../model/access.ts'
import type { Begin } from '../model/access.ts'
import { Status } from '../model/actor.ts'
import type { Actor, CoveredCall, Step } from '../model/actor.ts'
import type { Controller, LocalSource } from '../globals/controller.ts'
import type { SharedView } from '../model/shared-view.ts'
import type { Operand } from '../model/elements.ts'
import { Coverage } from './coverage.ts'
import type { Contracts, Scope } from './coverage.ts'
import type { CoveredMethod } from '../model/covered-method.ts'
import { crashAccess, isAt } from './crash.ts'
import type { CrashPoint } from './crash.ts'
import { describeAccess } from '../model/describe.ts'
import { Gates } from './gates.ts'
import type { Learnt } from '../model/learnt.ts'
import { lastBuffer, localStep, sourceFor } from './locals.ts'
import { Lookahead, lookaheadLimits } from './lookahead.ts'
import { keepView, viewBefore } from './made-views.ts'
import { OutsideActors } from './outside-actors.ts'
import { NO_ACTOR } from '../model/no-actor.ts'
import { decides, MAY_RETURN, RETURNS } from '../model/dependence.ts'
import { NO_VIEW } from '../model/shared-view.ts'
import { noteLine } from './notes.ts'
import { atLine, captureError, captureStack, framesOf, functionIn } from './positions.ts'
import { Refusal } from '../model/refusal.ts'
import { Regions } from '../model/regions.ts'
import { Runs } from './runs.ts'
import { Spins } from './spins/spins.ts'
import type { CutLoop } from './spins/spins.ts'
import { Turns } from './turns.ts'
import type { Choose, End } from './turns.ts'
import { Visits } from './spins/visits.ts'
import { World } from '../model/world.ts'

/** The bounds and the seed of an exploration. */
export interface EngineOptions {
  /** The most steps of one schedule. */
  readonly maxSteps: number
  readonly seed: number
  /** How many more rounds of a loop are followed if it carries something from round to round. */
  readonly spinRounds: number
  /**
   * What covered calls are. `units`: one step, or few. `gates`: accesses that others may interrupt, but a call that would not go
   * through cannot begin. Default: accesses like all others.
   */
  readonly contracts?: Contracts
  /** Where an actor stops forever. The last actor begins when it has. Default: nowhere, and all actors begin at once. */
  readonly crash?: CrashPoint | undefined
}

/** It is not decided yet which actor takes the next step. */
const UNDECIDED = NO_ACTOR - 1

/** Plays all actors of a scenario on this thread. */
export class Engine implements Controller {
  readonly regions = new Regions()
  readonly world: World
  readonly coverage: Coverage
  /**
   * Whether some access was not atomic, or had another size than the one before it. If not, there are no data races.
   */
  racy = false
  /** Whether to record where in the source each access is, which is slow. */
  positions = false
  readonly #outside: OutsideActors
  readonly #runs: Runs
  readonly #visits: Visits
  readonly #lookahead: Lookahead
  readonly #gates: Gates
  readonly #spins: Spins
  readonly #turns: Turns
  readonly #seed: number
  readonly #crash: CrashPoint | undefined
  /** Whether to keep the position of each access that is answered from the log; and the last one that was kept. */
  #locating = false
  #lastAccess: Error | undefined
  #size = 0
  /** Whether the actor with the turn was stopped only to be called again, so that no step of it is due. */
  #resuming = false
  #next = NO_ACTOR
  /** The version of the coverage when the actors were started last. */
  #known = ''
  /** An actor that was stopped so that its loop can be examined. */
  #unexamined: Actor | undefined

  constructor(actors: readonly Actor[], options: EngineOptions) {
    const { maxSteps, seed, spinRounds, contracts = 'none', crash } = options
    this.world = new World(actors)
    this.coverage = new Coverage(contracts, () => (this.world.misjudged = true))
    this.#outside = new OutsideActors(seed, (message) => this.refuse(message))
    this.#runs = new Runs(() => (this.#next = this.#decide()))
    this.#visits = new Visits(this.#runs)
    this.#lookahead = new Lookahead(this.#runs, this.world)
    this.#gates = new Gates(this.world, this.#lookahead)
    this.#spins = new Spins(this, this.#visits, this.#lookahead, spinRounds)
    this.#turns = new Turns(this.world, this.#runs, this.#spins, maxSteps)
    this.#seed = seed
    this.#crash = crash
    if (crash !== undefined) this.world.awaitCrash(actors.at(-1)!)
  }

  /** The loops that were cut off, by their position. If there are any, not every schedule was explored. */
  get cutLoops(): ReadonlyMap<string, CutLoop> {
    return this.#spins.cut
  }

  /** Undoes all steps, and keeps what has been learnt about wrong assumptions. */
  startOver(): void {
    this.world.misjudged = false
    this.undoTo(0)
    this.#spins.forgetCuts()
    if (this.#known !== this.coverage.version) this.start()
  }

  /** Whether what is run may depend on the schedules that were run before, because an actor has come to a loop. */
  get hasLoops(): boolean {
    return this.#spins.hasLoops
  }

  /** Undoes all steps. From now on, what is run does not depend on the schedules that were run before. */
  startAfresh(learnt: Learnt): void {
    this.world.misjudged = false
    this.undoTo(0)
    this.insist(undefined)
    this.#spins.startAfresh()
    this.recall(learnt)
  }

  /** What has been learnt about assumptions. */
  get learnt(): Learnt {
    return { ...this.world.learnt, uses: this.coverage.uses }
  }

  /** Knows from now on what searches have learnt, and nothing else. */
  recall(learnt: Learnt): void {
    this.world.recall(learnt)
    this.coverage.recall(learnt.uses)
  }

  /** Takes the same calls for covered as another thread, and starts over if it did not. */
  adopt(scope: Scope): void {
    this.coverage.adopt(scope)
    this.startOver()
  }

  get watching(): boolean {
    return this.#runs.running !== undefined || this.#outside.active
  }

  /** The name of the running actor. */
  get running(): string | undefined {
    return this.#runs.running?.name
  }

  get acting(): boolean {
    return this.#runs.running !== undefined
  }

  /**
   * Calls `work`, which runs a function of the scenario that is not an actor, and returns its result. `work` gets the
   * same clock and random numbers each time. Throws the Refusal of what `work` did, even if `work` caught it.
   */
  outsideActors<Result>(work: () => Result): Result {
    try {
      return this.#outside.call(work)
    } finally {
      this.#runs.rethrow()
    }
  }

  /** Runs each actor up to its first access. To be called before the first schedule. */
  start(): void {
    const { positions } = this
    // One position for each actor is cheap. If an actor ends at once when it is run again, the position says where
    // the actor began.
    this.positions = true
    do {
      this.#known = this.coverage.version
      this.coverage.startOver()
      this.reset()
      for (const actor of this.world.actors) if (!actor.unborn) this.#discover(actor)
    } while (this.#known !== this.coverage.version)
    this.world.misjudged = false
    this.positions = positions
    this.coverage.begun = true
    this.#runs.rethrow()
  }

  /**
   * Declares that the first `steps` steps of the schedule are given. An actor takes them even if it would otherwise be
   * held in a loop.
   */
  follow(steps: number): void {
    this.#turns.given = steps
  }

  /**
   * Declares that where `when` returns true, the strategy knows which actor can take the next step: the engine asks the strategy although
   * no actor can go on, and the actor that the strategy chooses goes on even if it is held. Returns the earlier declaration.
   */
  insist(when: (() => boolean) | undefined): (() => boolean) | undefined {
    const before = this.#turns.insists
    this.#turns.insists = when
    return before
  }

  /** Undoes all steps, and what the actors did before their first access. */
  reset(): void {
    this.undoTo(0)
    for (const actor of this.world.actors) {
      actor.rewind(0, undefined, actor.birth)
      actor.notes.length = 0
    }
  }

  /**
   * Continues from the present state until the schedule ends, and returns how it ended. Throws the refusal if the
   * scenario cannot be explored.
   */
  run(choose: Choose): End {
    this.#turns.choose = choose
    this.#next = this.#decide()
    while (this.#next !== NO_ACTOR && this.#runs.failure === undefined) {
      if (this.#next === UNDECIDED) {
        this.#next = this.#decideNow()
        continue
      }
      const actor = this.world.actors[this.#next]!
      const isGranted = !this.#resuming && actor.status !== Status.WAITING
      if (!this.#resuming && !isGranted) this.world.timeOut(actor).enabled = this.#turns.enabled
      this.#resuming = false
      this.#runs.resume(actor, isGranted ? 'granted' : 'live')
      if (this.#examine()) this.#next = this.#decide()
    }
    this.#runs.rethrow()
    return this.#turns.end
  }

  /** Decides what could not be decided while an actor ran. */
  #decideNow(): number {
    this.#gates.update()
    return this.#turns.decide()
  }

  /** Returns the actor that takes the next step. While actors run, others cannot be tried, so it may be decided later. */
  #decide(): number {
    return this.coverage.hasGates && this.#runs.failure === undefined ? UNDECIDED : this.#turns.decide()
  }

  /** Calls `notice` before each write to shared memory by a function that is not an actor. */
  set beforeWrite(notice: ((view: SharedView) => void) | undefined) {
    this.#outside.beforeWrite = notice
  }

  /** Undoes steps until the trace has `length` of them. */
  undoTo(length: number): void {
    while (this.world.trace.length > length) this.world.undo()
    if (this.coverage.hasGates) this.#gates.forget()
  }

  /** Undoes units until the schedule has `length` of them. */
  undoToUnit(length: number): void {
    const unit = this.world.units[length]
    if (unit !== undefined) this.undoTo(unit.position)
  }

  /** Calls an ended actor again, with all accesses answered from its log. Returns what this call returned or threw. */
  rerun(actor: Actor): unknown {
    const { ended } = actor
    this.#runs.resume(actor, 'discover')
    this.#runs.rethrow()
    const again = actor.thrown ?? actor.result
    actor.ended = ended
    return again
  }

  /**
   * Calls an ended actor again, and returns the line of its last access as the end of a sentence; empty if it makes none.
   */
  lineOfLastAccess(actor: Actor): string {
    const { ended } = actor
    this.#locating = true
    this.#runs.resume(actor, 'discover')
    this.#locating = false
    actor.ended = ended
    // The actor is known to differ from run to run. Only the line matters here.
    this.#runs.failure = undefined
    const stack = this.#lastAccess?.stack
    this.#lastAccess = undefined
    return stack === undefined ? '' : atLine(stack)
  }

  // The interface for the replaced globals.

  access(kind: Kind, view: SharedView, index: number, first: Operand, second: Operand): unknown {
    const actor = this.#runs.running
    if (actor === undefined) return this.#accessOutside(kind, view, index, first, second)
    if (this.#runs.unwinding) return this.#runs.unwindAgain(kind, view, index, first, second)
    const at = this.regions.addressOf(kind, view, index)
    const size = sizeOf(kind, view, second)
    const logged = actor.log[actor.cursor]
    if (logged === undefined) return this.#fresh(actor, new Access(kind, view, index, at, size, first, second))
    if (!logged.access.matches(kind, at, size, first, second)) {
      if (logged.access.kind === Kind.CRASH) return this.#runs.unwind()
      return this.#runs.differs(actor, logged.access, describeAccess({ kind, view, index, first, second }))
    }
    if (this.#locating) this.#lastAccess = captureError()
    if (this.#visits.watched?.has(actor.cursor) === true) this.#visits.pass(actor)
    actor.cursor++
    return logged.result
  }

  /** The function of the running actor is about to return. Even now the actor may crash. */
  returns(): void {
    const actor = this.#runs.running!
    if (this.#runs.unwinding) return this.#runs.unwind()
    if (actor.cursor === actor.log.length && this.#crash !== undefined && isAt(this.#crash, actor))
      this.#fresh(actor, crashAccess())
  }

  callBegins(begin: Begin): void {
    const actor = this.#runs.running
    if (actor === undefined) return
    if (this.#runs.unwinding) return this.#runs.unwind()
    actor.opening = { ...begin, at: actor.cursor }
  }

  callReturns(output: string): void {
    const actor = this.#runs.running
    const opening = actor?.opening
    if (actor === undefined || opening === undefined) return
    if (this.#runs.unwinding) return this.#runs.unwind()
    // Alone, an actor is within a call at the end of its log: its loop has ended. If a call is tried, the one before may end here.
    const isAlone = this.#runs.mode === 'alone' && !this.#lookahead.isTrial
    if (isAlone && actor.cursor === actor.log.length) return this.#runs.unwind()
    const last = actor.lastSince(opening.at)
    // Without an access, or after a sleep, there is no step yet with which the call could return.
    if (last === undefined) this.#event(actor, Kind.CALL, opening.call)
    else if (slept(last)) this.#event(actor, Kind.RETURN, opening.call)
    const step = actor.lastSince(opening.at)!
    step.returns = output
    if (opening.ordered) step.touches |= RETURNS
  }

  coveredCallBegins(method: CoveredMethod, self: object): CoveredCall | undefined {
    return this.#runs.unwinding ? undefined : this.coverage.begins(this.#runs.running, method, self)
  }

  coveredCallEnds(call: CoveredCall, output: unknown, threw: boolean): void {
    const actor = this.#runs.running
    if (this.#runs.unwinding) return
    this.coverage.ends(actor, call)
    if (actor === undefined) return
    if (this.#runs.mode === 'alone') this.#lookahead.returned(actor)
    else this.coverage.ended(actor, call, output, threw)
  }

  /** Makes a step of the schedule that touches no memory. */
  #event(actor: Actor, kind: Kind, call: string): void {
    const logged = actor.log[actor.cursor]
    if (logged === undefined)
      return void this.#fresh(actor, new Access(kind, NO_VIEW, 0, NO_ADDRESS, 0, call, undefined))
    if (!logged.access.matches(kind, NO_ADDRESS, 0, call, undefined)) {
      const asked = { kind, view: NO_VIEW, index: 0, first: call, second: undefined }
      return this.#runs.differs(actor, logged.access, describeAccess(asked))
    }
    if (this.#visits.watched?.has(actor.cursor) === true) this.#visits.pass(actor)
    actor.cursor++
  }

  local<T>(what: string, make: (source: LocalSource) => T): T {
    const actor = this.#runs.running
    if (actor === undefined) return make(this.#outside.source())
    if (this.#runs.unwinding) return this.#runs.unwind()
    const logged = actor.log[actor.cursor]
    if (logged === undefined) return this.#freshLocal(actor, what, make)
    if (logged.access.kind !== Kind.LOCAL || logged.access.source !== what)
      return this.#runs.differs(actor, logged.access, what)
    actor.cursor++
    return logged.result as T
  }

  viewBefore(native: object, args: readonly unknown[]): object | undefined {
    const actor = this.#runs.running
    return actor && viewBefore(actor, native, args)
  }

  viewMade(native: object, args: readonly unknown[], view: object): void {
    const actor = this.#runs.running
    if (actor !== undefined) keepView(actor, native, args, view)
  }

  note(tell: () => string): void {
    if (this.positions) noteLine(this.#runs, tell)
  }

  refuse(message: string): never {
    // Code that is being unwound does not act by itself: an EventTarget rethrows the error of a listener from a timer.
    if (this.#runs.running !== undefined && this.#runs.unwinding) return this.#runs.unwind()
    return this.#runs.fail(this.#refusal(message))
  }

  refuseLater(message: string): void {
    if (!this.#runs.unwinding) this.#runs.failure ??= this.#refusal(message)
  }

  #refusal(message: string): Refusal {
    const who = this.#runs.running?.name ?? functionIn(framesOf(captureStack())) ?? 'The scenario'
    return new Refusal(`${who}: ${message}${atLine()}`)
  }

  // Accesses that are not in the log.

  #fresh(actor: Actor, asked: Access): unknown {
    if (this.#runs.mode === 'alone') return this.#lookahead.pretend(asked)
    if (this.#runs.mode === 'visit') {
      this.#visits.arrive()
      return this.#runs.unwind()
    }
    const access = this.#crash !== undefined && isAt(this.#crash, actor) ? crashAccess() : asked
    if (this.#runs.mode === 'granted') {
      this.#runs.mode = 'live'
      const pending = actor.pending!
      return pending.same(access)
        ? this.#take(actor, pending)
        : this.#runs.differs(actor, pending, describeAccess(access))
    }
    if (actor.status === Status.FINISHED) return this.#runs.goesOn(actor, access)
    if (this.positions) access.madeAt = captureError()
    actor.pending = access
    if (actor.opening !== undefined && actor.lastSince(actor.opening.at) === undefined) access.begins = actor.opening
    if (this.coverage.isActive) this.coverage.note(actor, access)
    if (this.coverage.isInUnit(access)) this.world.makeUnits()
    if (!isEvent(access.kind)) this.#noteMemory(actor, access)
    if (this.#unexamined !== undefined || this.#runs.mode === 'discover') return this.#runs.unwind()
    if (this.coverage.joins(access) && this.#mayGoOn(actor, access)) return this.#take(actor, access)
    this.#next = this.#decide()
    // If the running actor keeps the turn, it simply continues.
    return this.#next === actor.index ? this.#take(actor, access) : this.#runs.unwind()
  }

  /** Whether the unit of an actor may have one more access. A call that does not end would have no end of them. */
  #mayGoOn(actor: Actor, { part }: Access): boolean {
    const { trace, units } = this.world
    if (trace.length - units.at(-1)!.position <= lookaheadLimits.call) return true
    const { of, name } = part!.method
    this.coverage.exclude(of, `${actor.name}'s call of ${name} makes more than ${lookaheadLimits.call} accesses`)
    return false
  }

  #accessOutside(kind: Kind, view: SharedView, index: number, first: Operand, second: Operand): unknown {
    // A buffer gets its address when an actor first uses it, so that its address is the same in a replay.
    if (this.coverage.isActive && this.regions.knows(view.buffer)) {
      const at = this.regions.addressOf(kind, view, index)
      this.coverage.noteOutside({ at, size: sizeOf(kind, view, second) })
    }
    return this.#outside.access(kind, view, index, first, second)
  }

  /** Learns from an access to memory that is not in the log: whether there may be data races, or a loop. */
  #noteMemory(actor: Actor, access: Access): void {
    if (!isAtomic(access.kind) || (access.size !== this.#size && this.#size !== 0)) this.racy = true
    this.#size = access.size
    if (!this.coverage.joins(access) && this.#spins.consider(actor, access)) this.#unexamined = actor
  }

  #take(actor: Actor, access: Access): unknown {
    // A given schedule may begin a call that does not go through.
    if (this.coverage.isActive && actor.spin?.closed === true) actor.spin = undefined
    const step = this.world.take(actor, access)
    step.enabled = this.#turns.enabled
    if (actor.opening?.ordered === true && decides(access.kind)) step.touches |= MAY_RETURN
    if (actor.status === Status.WAITING) {
      if (access.timeout !== Infinity && this.#spins.consider(actor, access)) this.#unexamined = actor
      else this.#next = this.#decide()
      return this.#runs.unwind()
    }
    if (actor.crashed) return this.#crashed(step)
    if (step.woken === undefined || step.woken.length === 0) return step.result
    for (const wait of step.woken) this.#discover(wait.actor)
    // The woken actors ran in the middle of this actor's run, and may have used variables that the module shares
    // (scratch buffers), so this actor is called again from its start.
    this.#next = this.#runs.failure === undefined ? actor.index : NO_ACTOR
    this.#resuming = this.#runs.failure === undefined
    return this.#runs.unwind()
  }

  #crashed({ woken = [] }: Step): never {
    for (const { actor } of woken) this.#discover(actor)
    this.#next = this.#decide()
    return this.#runs.unwind()
  }

  /** Runs an actor to find its next access. */
  #discover(actor: Actor): void {
    this.#runs.resume(actor, 'discover')
    this.#examine()
  }

  /** Examines the loop of the actor that was stopped for this. Returns whether there was one. */
  #examine(): boolean {
    const actor = this.#unexamined
    this.#unexamined = undefined
    if (actor === undefined || this.#runs.failure !== undefined) return false
    this.#spins.examine(actor)
    return true
  }

  #freshLocal<T>(actor: Actor, what: string, make: (source: LocalSource) => T): T {
    if (this.#runs.mode === 'visit') return this.#runs.unwind()
    if (this.#runs.mode === 'alone') {
      this.#lookahead.count()
      const passing = make(sourceFor(this.#seed, actor, this.#lookahead.steps))
      // Each buffer of a lookahead has the address of the next one that the actor would make.
      this.regions.addOwn(passing, actor.index, lastBuffer(actor))
      return passing
    }
    const value = make(sourceFor(this.#seed, actor, 0))
    this.regions.addOwn(value, actor.index, lastBuffer(actor))
    actor.log.push(localStep(actor, what, value))
    actor.cursor++
    return value
  }
}

/** Whether the actor has slept in this step: it goes on later than the step. */
function slept({ access, result }: Step): boolean {
  return access.kind === Kind.WAIT && result !== 'not-equal' && access.timeout !== 0
}
