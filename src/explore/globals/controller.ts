/**
 * The controller is told of each access to shared memory while the globals are replaced. It is the explorer's engine,
 * or the gate of a worker thread that replays a schedule. The replaced functions use this interface and nothing else of
 * the explorer.
 */
import type { Begin, Kind } from '../model/access.ts'
import type { CoveredCall } from '../model/actor.ts'
import type { CoveredMethod } from '../model/covered-method.ts'
import type { SharedView } from '../model/shared-view.ts'
import type { Operand } from '../model/elements.ts'

/** What the replaced functions call. */
export interface Controller {
  /** Whether an actor or another function of the scenario runs now. If not, accesses are carried out at once. */
  readonly watching: boolean
  /** Whether an actor runs now, and not memory(), observe() or another function of the scenario. */
  readonly acting: boolean
  /**
   * Makes an access for the running code. Returns its result, or throws to unwind the actor. What `first` and `second`
   * are depends on the kind, see Access.
   */
  access(kind: Kind, view: SharedView, index: number, first: Operand, second: Operand): unknown
  /** Notes that a call of an operation begins in the running actor. May throw to unwind the actor. */
  callBegins?(begin: Begin): void
  /** Notes that the call that began last has returned. `output` is what it returned as text. May throw likewise. */
  callReturns?(output: string): void
  /** Notes that the running code begins a call of a method that a contract covers, and returns it; undefined if the call does not count. */
  coveredCallBegins?(method: CoveredMethod, self: object): CoveredCall | undefined
  /** Notes that a call has ended: with what it returned, or whether it threw. May throw to unwind the actor. */
  coveredCallEnds?(call: CoveredCall, output: unknown, threw: boolean): void
  /**
   * Returns a value from outside the shared memory. It is made once, and remembered for the same point of the actor's
   * run.
   */
  local<T>(what: string, make: (source: LocalSource) => T): T
  /** Returns the view of a shared buffer that the running actor made here in its last run; undefined if it made another one, or none. */
  viewBefore?(native: object, args: readonly unknown[]): object | undefined
  /** Notes that the running actor has made a view of a shared buffer. */
  viewMade?(native: object, args: readonly unknown[], view: object): void
  /** Notes what the running actor prints. `tell` makes the text, and is called only if the text is wanted. */
  note?(tell: () => string): void
  /** Ends the exploration, since the running actor cannot be controlled. `message` says what the obstacle is. */
  refuse(message: string): never
  /**
   * Ends the exploration like `refuse`, but throws nothing: the running actor is stopped at its next access or at its
   * end.
   */
  refuseLater(message: string): void
}

/** The random numbers and times from which local values are made, so that each run of an actor gets the same. */
export interface LocalSource {
  /** Returns the next random number in [0, 1). */
  random(): number
  /**
   * Returns the milliseconds since the start. The first two calls return the same tick; after them each call returns
   * one more, so that equal ticks and passed deadlines both happen.
   */
  elapsed(): number
}

let controller: Controller | undefined

/** Returns the controller while the globals are replaced. */
export function installedController(): Controller | undefined {
  return controller
}

/** Makes a controller the one that is told of accesses. */
export function setController(next: Controller | undefined): void {
  controller = next
}

/** Returns the controller while it watches: while an actor or another function of the scenario runs. */
export function watcher(): Controller | undefined {
  return controller?.watching === true ? controller : undefined
}

/** Returns the controller while an actor runs. */
export function actingController(): Controller | undefined {
  return controller?.acting === true ? controller : undefined
}
