/**
 * Turns a schedule into plans that threads can follow: for each actor, the position of each of its steps, and the
 * values that it gets from outside the shared memory. A plan is plain data, because it is sent to a worker.
 */
import { isEvent, Kind } from '../model/access.ts'
import type { Step } from '../model/actor.ts'
import { Status } from '../model/actor.ts'
import type { Actor } from '../model/actor.ts'
import type { Divergence } from './divergence.ts'
import { fingerprint } from './token.ts'
import type { World } from '../model/world.ts'

/** One thing that the actor asks for, and what its thread does then. */
export type PlannedEvent =
  /** The actor gets a value from outside the shared memory: the same value as in the explorer. */
  | { readonly kind: 'local'; readonly value: unknown }
  /** A call of an operation returns in a step that touches no memory. */
  | { readonly kind: 'event'; readonly position: number }
  /** The actor stops forever. */
  | { readonly kind: 'crash'; readonly position: number }
  /** The actor makes a SharedArrayBuffer of its own. */
  | { readonly kind: 'own buffer' }
  /** The access is performed at `position`. A notify returns `result`, because the sleepers are not in native waits. */
  | { readonly kind: 'access'; readonly position: number; readonly fingerprint: number; readonly result?: number }
  /**
   * The actor sleeps from `position` until the step at `until`, or forever if that is null; then the wait returns
   * `result`.
   */
  | {
      readonly kind: 'sleep'
      readonly position: number
      readonly fingerprint: number
      readonly until: number | null
      readonly result: string
    }

/** What one actor's thread does in a replay. */
export interface ActorPlan {
  readonly name: string
  readonly index: number
  readonly entries: readonly PlannedEvent[]
  /** The positions of the actor's timeouts. They are steps without an access: its thread only passes the turn on. */
  readonly timeouts: readonly number[]
  /** The positions of the begin and the return of each of the actor's calls of operations, in turn. */
  readonly events: readonly number[]
  /** What the actor does where its plan ends: it has finished or crashed, or it sleeps or spins forever. */
  readonly end: 'finished' | 'crashed' | 'asleep' | 'spinning'
}

/** Returns the plan of each actor for the schedule that has just ended. */
export function plansOf({ actors, trace }: World): ActorPlan[] {
  const wakes = wakesOf(trace)
  const begun = actors.filter(({ unborn }) => !unborn)
  return begun.map((actor) => ({
    name: actor.name,
    index: actor.index,
    entries: actor.log.map((step) => planned(step, wakes)),
    timeouts: trace
      .filter((step) => step.actor === actor && step.access.kind === Kind.TIMEOUT)
      .map(({ position }) => position),
    events: actor.events,
    end: endOf(actor),
  }))
}

function endOf({ status, crashed, spin }: Actor): ActorPlan['end'] {
  if (status === Status.FINISHED) return crashed ? 'crashed' : 'finished'
  return spin === undefined ? 'asleep' : 'spinning'
}

/** Returns for each wait that ended the position of the step that ended it. */
function wakesOf(trace: readonly Step[]): Map<Step, number> {
  const wakes = new Map<Step, number>()
  for (const step of trace) for (const wait of step.woken ?? []) wakes.set(wait, step.position)
  return wakes
}

function planned(step: Step, wakes: ReadonlyMap<Step, number>): PlannedEvent {
  const { access, position, result } = step
  if (access.kind === Kind.LOCAL) {
    return access.source === 'new SharedArrayBuffer' ? { kind: 'own buffer' } : { kind: 'local', value: result }
  }
  if (access.kind === Kind.CRASH) return { kind: 'crash', position }
  if (isEvent(access.kind)) return { kind: 'event', position }
  const slept = access.kind === Kind.WAIT && (wakes.has(step) || result === undefined)
  if (slept)
    return {
      kind: 'sleep',
      position,
      fingerprint: fingerprint(access),
      until: wakes.get(step) ?? null,
      result: String(result),
    }
  if (access.kind === Kind.NOTIFY)
    return { kind: 'access', position, fingerprint: fingerprint(access), result: Number(result) }
  return { kind: 'access', position, fingerprint: fingerprint(access) }
}

/** What a thread reports when its actor has ended, is stuck or has diverged. */
export interface ActorReport {
  readonly name: string
  readonly result: unknown
  /** What the actor threw, as text; null if it threw nothing. */
  readonly thrown: string | null
  /** Whether the actor did not end. */
  readonly hangs: boolean
  /** The step at which the actor asked for something that is not in its plan; null if there is none. */
  readonly diverged: Divergence | null
}
