/**
 * Runs of actors. An actor is called from its start each time that it is to continue, and its accesses are answered
 * from its log as far as the log goes. To stop it in the middle of a synchronous function, UNWIND is thrown through it;
 * from then on nothing that it does has any effect, whatever it catches (I3 of engine.ts).
 *
 * Runs nest: while an actor runs, another may be run to find its next access.
 */
import { actAs } from '../../sync/agent.ts'
import type { Access } from '../model/access.ts'
import { Kind, mayWrite } from '../model/access.ts'
import type { Actor } from '../model/actor.ts'
import type { SharedView } from '../model/shared-view.ts'
import type { Operand } from '../model/elements.ts'
import { describeAccess } from '../model/describe.ts'
import { current, elementOf, perform, putBack } from '../model/perform.ts'
import { atLine } from './positions.ts'
import { Nondeterminism, Refusal } from '../model/refusal.ts'
import { lineOfThrown, textOfThrown } from './thrown.ts'
import { explainFault } from './unseen.ts'

/**
 * The agent number of the first actor: each actor has the number that it would have as a worker thread of a new
 * process.
 */
export const FIRST_AGENT = 2
/** Thrown through an actor to stop it. Made once and without a stack, since it is thrown at every switch. */
const UNWIND = Symbol('racelab: an actor is unwound')
/** An actor that catches UNWIND this often is in a loop that catches everything. */
const SWALLOW_LIMIT = 10_000

/**
 * What a run is for, and how far it has come:
 *
 *   granted     the actor has the turn for its pending access, and has not come to it yet
 *   live        the actor has the turn, and may come to new accesses
 *   discover    the run only finds the actor's next access
 *   alone       the run finds whether the actor's loop ends by itself; no access changes memory
 *   visit       the run looks at the code that the end of the log leads to; no new access is carried out
 *   unwinding   the actor is being stopped; nothing that it does has any effect
 */
type Mode = 'granted' | 'live' | 'discover' | 'alone' | 'visit' | 'unwinding'

/** Runs actors, and stops them. */
export class Runs {
  /** The actor that runs now. */
  running: Actor | undefined
  mode: Mode = 'live'
  /** Why the exploration cannot continue; undefined if it can. */
  failure: Error | undefined
  /** Whether the last run that an exception ended had too many calls in each other. */
  overflowed = false
  #swallowed = 0
  readonly #ended: () => void

  /** `ended` is called when an actor that has the turn has ended. */
  constructor(ended: () => void) {
    this.#ended = ended
  }

  /** Whether the running actor is being stopped. */
  get unwinding(): boolean {
    return this.mode === 'unwinding'
  }

  /** Runs an actor from its start until it ends or is stopped. */
  resume(actor: Actor, mode: Mode): void {
    const { running, mode: outerMode } = this
    const agent = actAs(actor.index + FIRST_AGENT)
    this.running = actor
    this.mode = mode
    this.#swallowed = 0
    this.overflowed = false
    actor.cursor = 0
    actor.viewed = 0
    actor.noted = 0
    if (actor.calls.length > 0) actor.calls.length = 0
    if (actor.callsOf.size > 0) actor.callsOf.clear()
    if (actor.taken.size > 0) actor.taken.clear()
    try {
      const result = actor.body()
      if (result instanceof Promise) this.#refusePromise(actor, result)
      else if (!this.unwinding) this.#finish(actor, result, undefined)
    } catch (error) {
      if (!this.unwinding) this.#caught(actor, error)
    } finally {
      actAs(agent)
      this.running = running
      this.mode = outerMode
    }
  }

  /** Refuses an async function. It turns an exception into a rejected promise, so UNWIND cannot stop it. */
  #refusePromise(actor: Actor, promise: Promise<unknown>): void {
    this.#stop(new Refusal(`${actor.name} returned a promise: an actor must be a synchronous function.`))
    promise.catch(() => {})
  }

  #caught(actor: Actor, error: unknown): void {
    this.overflowed = isOverflow(error)
    const fault = explainFault(error)
    if (fault !== undefined) this.#stop(new Refusal(`${actor.name}: ${fault}`))
    else this.#finish(actor, undefined, { error })
  }

  #finish(actor: Actor, result: unknown, thrown: { error: unknown } | undefined): void {
    if (this.mode === 'alone' || this.mode === 'visit') return
    const expected = this.mode === 'granted' ? actor.pending : actor.log[actor.cursor]?.access
    if (expected !== undefined) {
      const how = thrown === undefined ? 'its end' : `an exception: ${textOfThrown(thrown.error)}`
      const line = lineOfThrown(thrown === undefined ? expected.madeAt : thrown.error)
      this.#stop(new Nondeterminism(differenceMessage(actor, expected, how) + line))
      return
    }
    actor.pending = undefined
    actor.ended = { result, thrown }
    if (this.mode !== 'discover') this.#ended()
  }

  // The ways out of a run.

  /** Stops the running actor. */
  unwind(): never {
    this.mode = 'unwinding'
    throw UNWIND
  }

  /**
   * Handles an access of an actor that is being unwound: throws UNWIND again. After SWALLOW_LIMIT catches the
   * actor gets results again, and the exploration fails with a Refusal. The loop may wait for any value, so the results
   * go through many.
   */
  unwindAgain(kind: Kind, view: SharedView, index: number, first: Operand, second: Operand): unknown {
    if (++this.#swallowed < SWALLOW_LIMIT) throw UNWIND
    this.failure ??= new Refusal(
      `${this.running?.name} catches the exception with which the explorer stops it, and goes on: ` +
        `rethrow each exception that your code did not throw.${atLine()}`,
    )
    if (kind === Kind.WAIT) return 'timed-out'
    if (kind === Kind.NOTIFY) return 0
    if (this.#swallowed % 2 === 1) return guessed(this.#swallowed, kind, elementOf(view, index), first)
    const before = mayWrite(kind) ? current(kind, view, index, second) : undefined
    const result = perform(kind, view, index, first, second)
    // The loop must see that its write succeeded, but memory must not change.
    if (before !== undefined) putBack(view, index, before)
    return result
  }

  /** Ends the exploration: the running actor asks for `now`, and in its last run it asked for `before`. */
  differs(actor: Actor, before: Access, now: string): never {
    return this.fail(new Nondeterminism(differenceMessage(actor, before, now) + atLine()))
  }

  /** Ends the exploration: the running actor asks for an access, and in its last run it ended here. */
  goesOn(actor: Actor, access: Access): never {
    const now = describeAccess(access)
    return this.fail(
      new Nondeterminism(
        `${actor.name} is not deterministic: when it was run again and read the same values, it came to ${now}. ` +
          `In its last run it had come to its end here. ${MODULE_STATE}${atLine()}`,
      ),
    )
  }

  /** Ends the exploration with an error. */
  fail(error: Error): never {
    this.#stop(error)
    if (this.running === undefined) throw error
    return this.unwind()
  }

  #stop(error: Error): void {
    this.failure ??= error
  }

  /**
   * Throws the reason why the exploration cannot continue, if there is one. The caller must call it while no actor
   * runs.
   */
  rethrow(): void {
    const { failure } = this
    this.failure = undefined
    if (failure !== undefined) throw failure
  }
}

/** Whether an exception says that the stack is full. How many calls fill it depends on how hot the code is. */
function isOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack')
}

/** Returns the value for which a loop may wait that a compareExchange succeeds, or one of -64 to 63. */
function guessed(count: number, kind: Kind, element: Operand, expected: Operand): unknown {
  if (kind === Kind.COMPARE_EXCHANGE) return expected
  const value = (Math.floor(count / 2) % 128) - 64
  return typeof element === 'bigint' ? BigInt(value) : value
}

function differenceMessage(actor: Actor, before: Access, now: string): string {
  return (
    `${actor.name} is not deterministic: when it was run again and read the same values, it came to ${now}. ` +
    `In its last run it had come to ${describeAccess(before)} here. ${MODULE_STATE}`
  )
}

/** The most likely reason why two runs of an actor differ. */
export const MODULE_STATE =
  'A value outside the shared memory differs between two runs, most likely in a variable of a module. On real threads each ' +
  'thread has its own copy of a module; here all actors and all their runs share one. Create the value in memory() or in the actor.'
