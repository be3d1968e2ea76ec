/**
 * Runs of actors. An actor is called from its start each time that it is to go on: what it asks for is answered from its log
 * as far as that goes. To stop it in the middle of a synchronous function, UNWIND is thrown through it; from then on nothing
 * that it does has any effect, whatever it catches (I3 of engine.ts).
 *
 * Runs nest: while an actor runs, another may be run to learn what it asks for next.
 */
import { actAs } from '../sync/agent.ts'
import type { Access } from './access.ts'
import { Kind } from './access.ts'
import { Status } from './actor.ts'
import type { Actor } from './actor.ts'
import type { Operand, SharedView } from './control/shared-view.ts'
import { describeAccess } from './describe.ts'
import { perform } from './perform.ts'
import { callSite } from './positions.ts'
import { Nondeterminism, Refusal } from './refusal.ts'
import { explainFault } from './unseen.ts'

/** Agent numbers as the actors would have them as the first worker threads of a process. */
export const FIRST_AGENT = 2
/** Thrown through an actor to stop it. Made once, without a stack: it is thrown at every switch. */
const UNWIND = Symbol('racelab: an actor is unwound')
/** An actor that caught the unwinding this often is in a loop that catches everything. */
const SWALLOW_LIMIT = 10_000

/** live: the actor has the turn. discover: only to learn its next access. alone: to learn whether it spins; no effects. */
type Mode = 'live' | 'discover' | 'alone'

export class Runs {
  /** Whose run is going on. */
  running: Actor | undefined
  mode: Mode = 'live'
  /** The running actor was given the turn for its pending access, and has not come to it yet. */
  granted = false
  unwinding = false
  /** What stands in the way of going on. */
  failure: Error | undefined
  #swallowed = 0
  readonly #ended: () => void

  /** `ended` is called when an actor that has the turn has come to its end. */
  constructor(ended: () => void) {
    this.#ended = ended
  }

  /** One run of an actor, from its start to wherever it is stopped. */
  resume(actor: Actor, mode: Mode): void {
    const { running, mode: beforeMode, unwinding, granted } = this
    const agent = actAs(actor.index + FIRST_AGENT)
    this.running = actor
    this.mode = mode
    this.unwinding = false
    this.#swallowed = 0
    if (mode !== 'live') this.granted = false
    actor.cursor = 0
    actor.viewed = 0
    actor.noted = 0
    try {
      const result = actor.body()
      if (result instanceof Promise) this.#refusePromise(actor, result)
      else if (!this.unwinding) this.#finish(actor, result, undefined)
    } catch (error) {
      if (!this.unwinding) this.#caught(actor, error)
    } finally {
      actAs(agent)
      this.running = running
      this.mode = beforeMode
      this.unwinding = unwinding
      this.granted = mode === 'live' ? false : granted
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
    if (this.mode === 'alone') return
    const expected = this.granted ? actor.pending : actor.log[actor.cursor]?.access
    if (expected !== undefined) {
      const how = thrown === undefined ? 'returned' : `threw ${String(thrown.error)}`
      this.#stop(new Nondeterminism(differenceMessage(actor, expected, `it ${how}`)))
      return
    }
    actor.status = Status.FINISHED
    actor.pending = undefined
    actor.result = result
    actor.thrown = thrown
    if (this.mode === 'live') this.#ended()
  }

  // Ways out of a run.

  unwind(): never {
    this.unwinding = true
    throw UNWIND
  }

  /** For an actor that asks for an access while it is unwound. Code that catches everything in a loop is let go on at last. */
  unwindAgain(kind: Kind, view: SharedView, index: number, a: Operand, b: Operand): unknown {
    if (++this.#swallowed < SWALLOW_LIMIT) throw UNWIND
    this.failure ??= new Refusal(
      `${this.running?.name} catches the exception that the explorer stops it with, and goes on: ` +
        `rethrow what is not yours.${callSite()}`,
    )
    if (kind === Kind.WAIT) return 'timed-out'
    return kind === Kind.NOTIFY ? 0 : perform(kind, view, index, a, b)
  }

  /** The running actor asks for something else than it did in its last run. */
  differs(actor: Actor, before: Access, now: string): never {
    return this.fail(new Nondeterminism(differenceMessage(actor, before, now) + callSite()))
  }

  /** Ends the exploration. */
  fail(error: Error): never {
    this.#stop(error)
    if (this.running === undefined) throw error
    return this.unwind()
  }

  #stop(error: Error): void {
    this.failure ??= error
  }

  /** Once no actor runs: throws what stood in the way, if anything did. */
  rethrow(): void {
    const { failure } = this
    this.failure = undefined
    if (failure !== undefined) throw failure
  }
}

function differenceMessage(actor: Actor, before: Access, now: string): string {
  return (
    `${actor.name} is not deterministic: run again with the same values read, it came to ${now} ` +
    `where it had come to ${describeAccess(before)}. Something outside the shared memory differs between two runs.`
  )
}
