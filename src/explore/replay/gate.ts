/**
 * Makes one actor follow its plan on a worker thread: each access waits until it is due in the schedule. The accesses
 * are the real ones, on the real memory; only their order is controlled. Sleep is simulated: the thread waits for its
 * turn instead. A native Atomics.wait cannot be used: the thread must pass the turn on before it sleeps, and the notify
 * of a later step could come before the wait begins.
 *
 *   turn word   meaning
 *     0         TURN: the position of the step that is due
 *     1         GIVEN UP: 1 once an actor has diverged; no thread waits any longer
 */
import type { OperationsScenario, Scenario } from '../../scenario.ts'
import { actAs } from '../../sync/agent.ts'
import { subjectOf } from '../clients/subject-of.ts'
import { Kind, sizeOf } from '../model/access.ts'
import type { Begin } from '../model/access.ts'
import type { Controller, LocalSource } from '../globals/controller.ts'
import { install } from '../globals/install.ts'
import { elementOf, perform } from '../model/perform.ts'
import { elementConstructors, nativeAtomics } from '../model/native.ts'
import type { SharedView } from '../model/shared-view.ts'
import type { Operand } from '../model/elements.ts'
import { describeAccess } from '../model/describe.ts'
import { FIRST_AGENT } from '../run/runs.ts'
import { MemoryValue } from '../subject/memory-value.ts'
import type { Divergence } from './divergence.ts'
import type { ActorPlan, ActorReport, PlannedEvent } from './plan.ts'
import { atLine } from '../run/positions.ts'
import { Regions } from '../model/regions.ts'
import { fingerprint } from './token.ts'

const TURN = 0
const GIVEN_UP = 1
/** The size of the turn words, which the threads of one replay share. */
export const TURN_BYTES = 8

/** Thrown through an actor to end its run early. */
const STOP: unique symbol = Symbol('racelab: the plan of this actor ends here')

/** Thrown through an actor that stops forever. */
const CRASHED: unique symbol = Symbol('racelab: this actor has crashed')

/** Controls the actor of this thread. */
export class Gate implements Controller {
  /**
   * False while a message is made, because Node uses shared memory to find the source line. That is no access of the
   * actor.
   */
  watching = true
  readonly acting = true
  readonly #plan: ActorPlan
  readonly #turns: ArrayBufferView
  readonly #regions: Regions
  #next = 0
  #lastBuffer: SharedArrayBuffer | undefined
  #diverged: Divergence | undefined
  /** The call that begins with the next access. */
  #begins: Begin | undefined
  /** What was thrown through the actor to end its run. Whatever the actor then catches or does, it has ended. */
  #ended: typeof STOP | typeof CRASHED | undefined

  constructor(plan: ActorPlan, turns: SharedArrayBuffer, regions: Regions) {
    this.#plan = plan
    const Words = elementConstructors.get('Int32Array') as Int32ArrayConstructor
    this.#turns = new Words(turns)
    this.#regions = regions
  }

  access(kind: Kind, view: SharedView, index: number, first: Operand, second: Operand): unknown {
    this.#goOn()
    const planned = this.#plan.entries[this.#next++]
    if (planned === undefined && this.#plan.end !== 'finished') this.#end(STOP)
    if (planned?.kind === 'crash') return this.#crash(planned)
    const at = this.#regions.addressOf(kind, view, index)
    const asked = fingerprint({ kind, at, size: sizeOf(kind, view, second), first, second, begins: this.#begins })
    this.#begins = undefined
    if ((planned?.kind !== 'access' && planned?.kind !== 'sleep') || planned.fingerprint !== asked) {
      return this.#giveUp(() => `it came to ${describeAccess({ kind, view, index, first, second })}${atLine()}`)
    }
    this.#await(planned.position)
    return planned.kind === 'sleep' ? this.#sleep(planned) : this.#perform(planned, kind, view, index, first, second)
  }

  #crash({ position }: PlannedEvent & { kind: 'crash' }): never {
    this.#await(position)
    this.#pass(position)
    this.#end(CRASHED)
  }

  #end(how: typeof STOP | typeof CRASHED): never {
    this.#ended ??= how
    throw this.#ended
  }

  /** Throws again if the actor has ended, but has caught that, or is in a `finally`. */
  #goOn(): void {
    if (this.#ended !== undefined) throw this.#ended
  }

  callBegins(begin: Begin): void {
    this.#begins = begin
  }

  callReturns(): void {
    this.#goOn()
    const planned = this.#plan.entries[this.#next]
    if (planned?.kind !== 'event') return
    this.#next++
    this.#begins = undefined
    this.#await(planned.position)
    this.#pass(planned.position)
  }

  local<T>(what: string, make: (source: LocalSource) => T): T {
    this.#goOn()
    const planned = this.#plan.entries[this.#next++]
    if (planned?.kind === 'own buffer') return this.#withAddress(make({ random: () => 0, elapsed: () => 0 }))
    return planned?.kind === 'local' ? (planned.value as T) : this.#giveUp(() => `it came to ${what}${atLine()}`)
  }

  /**
   * Registers a buffer that the actor has made, at the address that this buffer has in the explorer, and returns it.
   */
  #withAddress<T>(buffer: T): T {
    this.#regions.addOwn(buffer, this.#plan.index, this.#lastBuffer)
    this.#lastBuffer = buffer as SharedArrayBuffer
    return buffer
  }

  refuse(message: string): never {
    this.#goOn()
    return this.#giveUp(() => message)
  }

  refuseLater(message: string): void {
    this.#diverge(() => message)
  }

  /** Runs the actor to the end of its plan, and returns the report of the run. */
  run(body: () => unknown): ActorReport {
    const agent = actAs(this.#plan.index + FIRST_AGENT)
    const release = install(this)
    const { name } = this.#plan
    try {
      const result = body()
      this.#goOn()
      const planned = this.#plan.entries[this.#next]
      if (planned?.kind === 'crash') this.#crash(planned)
      return { name, result, thrown: null, hangs: false, diverged: this.#diverged ?? null }
    } catch (error) {
      return {
        name,
        result: undefined,
        thrown: this.#ended === undefined ? String(error) : null,
        hangs: this.#ended === STOP,
        diverged: this.#diverged ?? null,
      }
    } finally {
      release()
      actAs(agent)
    }
  }

  #perform(
    planned: PlannedEvent & { kind: 'access' },
    kind: Kind,
    view: SharedView,
    index: number,
    first: Operand,
    second: Operand,
  ): unknown {
    const result = kind === Kind.NOTIFY ? planned.result : this.#carryOut(kind, view, index, first, second)
    this.#pass(planned.position)
    return result
  }

  #carryOut(kind: Kind, view: SharedView, index: number, first: Operand, second: Operand): unknown {
    if (kind !== Kind.WAIT) return perform(kind, view, index, first, second)
    return elementOf(view, index) === first ? 'timed-out' : 'not-equal'
  }

  #sleep({ position, until, result }: PlannedEvent & { kind: 'sleep' }): string {
    this.#pass(position)
    if (until === null) this.#end(STOP)
    // A timeout is a step of this actor, which therefore passes the turn on. A notify is a step of another actor.
    if (this.#plan.timeouts.includes(until)) {
      this.#await(until)
      this.#pass(until)
    } else this.#await(until + 1)
    return result
  }

  /** Waits until the step at `position` or a later one is due. Throws STOP if an actor has diverged. */
  #await(position: number): void {
    for (;;) {
      const turn = nativeAtomics.load(this.#turns, TURN) as number
      if (nativeAtomics.load(this.#turns, GIVEN_UP) === 1) this.#end(STOP)
      if (turn >= position) return
      nativeAtomics.wait(this.#turns, TURN, turn)
    }
  }

  /** Makes the step after `position` due, and wakes the threads that wait for their turn. */
  #pass(position: number): void {
    nativeAtomics.store(this.#turns, TURN, position + 1)
    nativeAtomics.notify(this.#turns, TURN)
  }

  /**
   * Returns the position of the planned step that the actor has come to. If the plan has no step here, returns the step
   * that is due.
   */
  #currentPosition(): number {
    const planned = this.#plan.entries[this.#next - 1]
    if (planned !== undefined && 'position' in planned) return planned.position
    return nativeAtomics.load(this.#turns, TURN) as number
  }

  /** Records the divergence and ends the actor's run. */
  #giveUp(describe: () => string): never {
    this.#diverge(describe)
    this.#end(STOP)
  }

  /** Records the divergence, and makes all threads stop. */
  #diverge(describe: () => string): void {
    this.watching = false
    this.#diverged ??= { step: this.#currentPosition() + 1, message: describe() }
    this.watching = true
    nativeAtomics.store(this.#turns, GIVEN_UP, 1)
    // A waiting thread sleeps while the turn has the value that it saw, so the turn must change too.
    nativeAtomics.store(this.#turns, TURN, -1)
    nativeAtomics.notify(this.#turns, TURN)
  }
}

/** The message that a replay sends to each worker thread. */
export interface Assignment {
  readonly plan: ActorPlan
  /** The client that the actor belongs to, as the token names it; undefined for a scenario with actors. */
  readonly client: string | undefined
  readonly memory: unknown
  readonly turns: SharedArrayBuffer
  /** The shared buffers in the order in which the explorer gave them addresses. */
  readonly buffers: readonly SharedArrayBuffer[]
}

/** Runs the plan of one actor of a scenario, or of one of its clients, and returns the report of the run. */
export function runAssignment(
  { plan, client, memory, turns, buffers }: Assignment,
  scenario: Scenario | OperationsScenario,
): ActorReport {
  const { actors } = subjectOf(scenario, client)!
  const act = actors[plan.name] as (memory: unknown) => unknown
  const regions = new Regions()
  for (const buffer of buffers) regions.baseOf(buffer)
  const gate = new Gate(plan, turns, regions)
  return gate.run(() => act(new MemoryValue(memory).fresh()))
}
