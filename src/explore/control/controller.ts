/**
 * Who is told of each access to shared memory while the globals are replaced: the explorer's engine, or the gate of a
 * worker thread that replays a schedule. The replaced functions know this interface and nothing else.
 */
import type { Kind } from '../model/access.ts'
import type { SharedView } from '../model/shared-view.ts'
import type { Operand } from '../model/elements.ts'

export interface Controller {
  /** Whether an actor or another of the scenario's functions runs now; if not, accesses are carried out at once. */
  readonly watching: boolean
  /** Whether what runs now is an actor, and not memory(), observe() or the like. */
  readonly acting: boolean
  /** One access of the running actor. Returns what the code is to see, or throws to unwind it. */
  access(kind: Kind, view: SharedView, index: number, first: Operand, second: Operand): unknown
  /** A value from outside the memory: made once, remembered for the same place in the actor's run. */
  local<T>(what: string, make: (source: LocalSource) => T): T
  /** A view that the running actor makes: the one that it made at this place in its last run, or else a new one. */
  view(native: object, args: readonly unknown[], make: () => object): object
  /** What the running actor prints. `tell` makes the text, if it is wanted. */
  note?(tell: () => string): void
  /** Ends the exploration: something stands in the way of controlling the running actor. */
  refuse(message: string): never
  /** The same where nothing may be thrown: the running actor is stopped at its next access, or at its end. */
  object(message: string): void
}

/** What values from outside are made of, so that every run of an actor gets the same. */
export interface LocalSource {
  /** A number in [0, 1): the next draw. */
  random(): number
  /** Milliseconds since the start: does not move at first, then a millisecond a call, so that equal ticks and deadlines both happen. */
  elapsed(): number
}

let controller: Controller | undefined

export function installedController(): Controller | undefined {
  return controller
}

export function setController(next: Controller | undefined): void {
  controller = next
}

/** The controller if an actor is running under it. */
export function watcher(): Controller | undefined {
  return controller?.watching === true ? controller : undefined
}

/** The controller if what is running under it is an actor. */
export function actingController(): Controller | undefined {
  return controller?.acting === true ? controller : undefined
}
