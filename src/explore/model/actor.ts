/**
 * One actor under control: a plain synchronous function, and how far it has come in the schedule so far.
 *
 * Its local state is nowhere but in its log. Run from the start with its accesses answered from the log, it comes to the
 * same place again: to its next access, which is what `pending` holds while somebody else runs.
 */
import type { Access, Step } from './access.ts'
import type { Spin } from '../run/spins/spins.ts'

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
    return this.status === Status.READY || this.waiting?.access.b !== Infinity
  }
}
