/**
 * One actor under control: a plain synchronous function, and how far it has come in the schedule so far.
 *
 * Its local state is nowhere but in its log. Run from the start with its accesses answered from the log, it comes to the
 * same place again: to its next access, which is what `pending` holds while somebody else runs.
 */
import type { Access } from './access.ts'
import type { Spin } from './spin.ts'
import type { Operand } from './elements.ts'

export const Status = {
  /** Has a next access. */
  READY: 0,
  /** Asleep in Atomics.wait. */
  WAITING: 1,
  /** Returned or threw. */
  FINISHED: 2,
} as const

export interface MadeView {
  readonly native: object
  readonly args: readonly unknown[]
  readonly view: object
}

/** A line that an actor printed. */
export interface Note {
  /** How much of its log it had gone through. */
  readonly after: number
  readonly text: string
}

export type Status = (typeof Status)[keyof typeof Status]

export class Actor {
  readonly index: number
  readonly name: string
  readonly body: () => unknown
  /** Its accesses so far, in program order, and the values it got from outside the memory in between. */
  readonly log: Step[] = []
  /** How much of the log this run has been answered from. */
  cursor = 0
  /** The views that it has made, in the order of its run, and how many of them this run has come to. */
  readonly views: MadeView[] = []
  viewed = 0
  /** What it printed while positions were noted, in the order of its run, and how much of it this run has come to. */
  readonly notes: Note[] = []
  noted = 0
  status: Status = Status.READY
  pending: Access | undefined = undefined
  /** The wait it is asleep in. */
  waiting: Step | undefined = undefined
  /** The loop that it is held in. */
  spin: Spin | undefined = undefined
  /** How long its log must be before it is looked at again for going round in a loop. */
  quietUntil = 0
  result: unknown = undefined
  /** What it threw, boxed, since anything may be thrown. */
  thrown: { readonly error: unknown } | undefined = undefined

  constructor(index: number, name: string, body: () => unknown) {
    this.index = index
    this.name = name
    this.body = body
  }

  /** Whether it can take a step: its next access, or the end of a timed wait. A spinner cannot: it would change nothing. */
  get enabled(): boolean {
    if (this.spin !== undefined || this.status === Status.FINISHED) return false
    return this.status === Status.READY || this.waiting?.access.timeout !== Infinity
  }
}

export class Step {
  readonly actor: Actor
  readonly access: Access
  /** How many steps the schedule had before this one. */
  readonly position: number
  /** Where it stands in its actor's log; for a timeout, how long the log was. */
  readonly logged: number
  /** Who could have taken this step: a bit for each actor. */
  enabled: number
  /** What it touches, in the bits of dependence.ts. */
  touches: number
  /** What the actor was told. */
  result: unknown
  /** The element before and after; for byte runs, the bytes before a write, or the bytes read. */
  before: Operand
  after: Operand
  /** Whether memory differs, somebody was woken, or the actor was asleep in between: what a spin loop does not do. */
  effect: boolean
  /** The waits that a notify ended, first come first. */
  woken: Step[] | undefined
  /** Where in the queue a wait stood that timed out. */
  queuedAt: number
  /** Actors that were spinning until this step changed something they read. */
  roused: Rousing[] | undefined
  /** For each actor, one past the position of its last step that happens before this one, or is it. For strategies. */
  clock: number[] | undefined
  /** The same under the synchronization order of the language alone. For data races. */
  sync: number[] | undefined

  constructor(actor: Actor, access: Access, position: number, logged: number) {
    this.actor = actor
    this.access = access
    this.position = position
    this.logged = logged
    this.enabled = 0
    this.touches = 0
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

/** An actor that stopped spinning, and what it had been spinning on, so that it can be undone. */
export interface Rousing {
  readonly actor: Actor
  readonly spin: Spin
}
