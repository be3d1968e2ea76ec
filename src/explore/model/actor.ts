/**
 * Actors, and the steps that they take. An actor is a plain synchronous function; this file keeps how far it has come
 * in the present schedule.
 *
 * The local state of an actor is in its log and nowhere else. Called from its start, with its accesses answered from
 * the log, it comes to the same point again: to its next access, which `pending` holds while other actors run.
 *
 * Each step refers to its actor and each actor to its steps, so both are in one file.
 */
import { Kind } from './access.ts'
import type { Access, Begin } from './access.ts'
import type { CoveredMethod } from './covered-method.ts'
import type { CoveredObject } from './covered-object.ts'
import type { Spin } from './spin.ts'
import type { Operand } from './elements.ts'

export const Status = {
  /** The actor has a next access. */
  READY: 0,
  /** The actor is asleep in Atomics.wait. */
  WAITING: 1,
  /** The actor has returned or thrown. */
  FINISHED: 2,
} as const

/** A view that an actor made, and the constructor and arguments that it was made with. */
export interface MadeView {
  readonly native: object
  readonly args: readonly unknown[]
  readonly view: object
}

/** A line that an actor printed. */
export interface Note {
  /** The length of the part of its log that the actor had gone through when it printed the line. */
  readonly after: number
  readonly text: string
}

export type Status = (typeof Status)[keyof typeof Status]

/** How an actor ended. */
export interface Ended {
  readonly result: unknown
  /** What the actor threw. Boxed, since a program may throw any value, undefined too. */
  readonly thrown: { readonly error: unknown } | undefined
}

/** How an actor ended that stopped forever in the middle of its work. */
export const CRASHED: Ended = { result: undefined, thrown: undefined }

/** A call in which an actor is, of a method that a contract covers. */
export interface CoveredCall {
  readonly method: CoveredMethod
  /** The most actors that may call it. */
  readonly callers: number
  /** The length of the part of the actor's log that came before the call. */
  readonly at: number
  /** The object, once the call has touched it. */
  object: CoveredObject | undefined
}

/** A call of an operation that an actor is in. */
export interface Opening extends Begin {
  /** The length of the part of the actor's log that came before the call. */
  readonly at: number
}

/** An actor, and how far it has come in the present schedule. */
export class Actor {
  readonly index: number
  readonly name: string
  readonly body: () => unknown
  /**
   * The actor's steps so far, in program order, and between them the values that it got from outside the shared memory.
   */
  readonly log: Step[] = []
  /** How many entries of the log the present run has gone through. */
  cursor = 0
  /** The views that the actor has made, in order, and how many of them the present run has gone through. */
  readonly views: MadeView[] = []
  viewed = 0
  /**
   * The lines that the actor printed while positions were recorded, in order, and how many of them the present run has
   * gone through.
   */
  readonly notes: Note[] = []
  noted = 0
  /** The access that the actor has come to; undefined also while the actor runs. */
  pending: Access | undefined = undefined
  /** The wait in which the actor is asleep. */
  waiting: Step | undefined = undefined
  /** The wait in which the actor is asleep before its first step; undefined if it can begin at once. */
  birth: Step | undefined = undefined
  /** How the actor ended. */
  ended: Ended | undefined = undefined
  /** The call that the present run of the actor has come to last. */
  opening: Opening | undefined = undefined
  /** The loop in which the actor is held, or the call that would not go through now. */
  spin: Spin | undefined = undefined
  /** What the call that the actor has come to reads, if it is known that the call would go through now. */
  open: readonly Access[] | undefined = undefined
  /** The calls that contracts cover in which the present run of the actor is, the outermost first. */
  readonly calls: CoveredCall[] = []
  /** How many calls of each class the present run has made, and of which objects it has taken something. */
  readonly callsOf = new Map<string, number>()
  readonly taken = new Set<CoveredObject>()
  /** The length that the log must reach before the actor is examined for loops again. */
  quietUntil = 0

  constructor(index: number, name: string, body: () => unknown) {
    this.index = index
    this.name = name
    this.body = body
  }

  /**
   * Whether the actor can take a step: its next access, or the end of a timed wait. An actor that is held in a loop
   * cannot: its step would change nothing.
   */
  get enabled(): boolean {
    if (this.spin !== undefined || this.ended !== undefined) return false
    return this.waiting === undefined || this.waiting.access.timeout !== Infinity
  }

  /** What the actor does: at most one of `pending`, `waiting` and `ended` is set, and it decides. */
  get status(): Status {
    if (this.ended !== undefined) return Status.FINISHED
    return this.waiting === undefined ? Status.READY : Status.WAITING
  }

  /** Whether the actor has stopped forever in the middle of its work. */
  get crashed(): boolean {
    return this.ended === CRASHED
  }

  /** Whether nothing has let the actor begin. */
  get unborn(): boolean {
    return this.birth !== undefined && this.waiting === this.birth
  }

  /** What the actor returned; undefined if it has not returned. */
  get result(): unknown {
    return this.ended?.result
  }

  /** What the actor threw; undefined if it has not thrown. */
  get thrown(): Ended['thrown'] {
    return this.ended?.thrown
  }

  /** The positions of the begin and the return of each of the actor's calls, in turn, in the present schedule. */
  get events(): readonly number[] {
    return this.log.flatMap(({ access, returns, position }) => [
      ...(access.begins === undefined ? [] : [position]),
      ...(returns === undefined ? [] : [position]),
    ])
  }

  /** Returns the last step that the present run has come through since the log had this length; undefined if there is none. */
  lastSince(length: number): Step | undefined {
    const { log, cursor } = this
    for (let index = cursor - 1; index >= length; index--) if (log[index]!.access.kind !== Kind.LOCAL) return log[index]
    return undefined
  }

  /** Puts the actor back to where its log had `logged` entries: it had come to `pending`, or was asleep in `waiting`. */
  rewind(logged: number, pending: Access | undefined, waiting: Step | undefined): void {
    this.log.length = logged
    this.pending = pending
    this.waiting = waiting
    this.ended = undefined
    this.spin = undefined
    this.open = undefined
    this.quietUntil = 0
  }
}

/** An access that was carried out, and what came of it. */
export class Step {
  readonly actor: Actor
  readonly access: Access
  /** The index of the step in the trace. */
  readonly position: number
  /** The index of the step's unit (world.ts). */
  unit: number
  /** The further steps of the unit of which this is the first. */
  rest: Step[] | undefined
  /** The index of the step in its actor's log. A timeout is not in the log: for one, the length of the log. */
  readonly logged: number
  /** The actors that could have taken a step here: a bit for each. */
  enabled: number
  /** What the step touches, in the bits of dependence.ts. */
  touches: number
  /** If a call of an operation returns with this step: what it returns, as text. */
  returns: string | undefined
  /** The answer that the actor got. */
  result: unknown
  /** The element before and after the step. For a run of bytes, its bytes. */
  before: Operand
  after: Operand
  /**
   * Whether the step changed memory, woke an actor, or put its own actor to sleep. The steps of a spin loop have no
   * effect.
   */
  effect: boolean
  /** The waits that a notify ended, in the order in which they began. For a timeout, the wait that it ended. */
  woken: Step[] | undefined
  /** For a timeout: the index in the queue of the wait that it ended; -1 for other steps. */
  queuedAt: number
  /** The actors that were held in a loop until this step changed something that the loop reads. */
  roused: Rousing[] | undefined
  /**
   * The vector clock of the step for the strategies. For each actor: one more than the position of its last step that
   * happens before this one, or that is this one.
   */
  clock: number[] | undefined
  /** The vector clock of the step for data races, under the synchronization order of the language. */
  sync: number[] | undefined

  constructor(actor: Actor, access: Access, position: number, logged: number) {
    this.actor = actor
    this.access = access
    this.position = position
    this.unit = position
    this.rest = undefined
    this.logged = logged
    this.enabled = 0
    this.touches = 0
    this.returns = undefined
    this.result = undefined
    this.before = undefined
    this.after = undefined
    this.effect = false
    this.woken = undefined
    this.queuedAt = -1
    this.roused = undefined
    this.clock = undefined
    this.sync = undefined
  }
}

/** An actor that is held no longer, and the loop in which it was held, so that undoing the step can hold it again. */
export interface Rousing {
  readonly actor: Actor
  readonly spin: Spin
}
