/**
 * A schedule as the threads of a replay follow it: for each actor, when it takes each of its steps, and what it is told of
 * what does not come from the shared memory. Plain data, for the way to a worker.
 */
import { Kind } from '../model/access.ts'
import type { Step } from '../model/actor.ts'
import { Status } from '../model/actor.ts'
import { fingerprint } from './token.ts'
import type { World } from '../model/world.ts'

export type Planned =
  /** A value from outside: the same as on the explorer. */
  | { readonly kind: 'local'; readonly value: unknown }
  | { readonly kind: 'own buffer' }
  | { readonly kind: 'access'; readonly position: number; readonly print: number; readonly result?: number }
  /** Sleeps from `position` until the step at `until`, if there is one. */
  | {
      readonly kind: 'sleep'
      readonly position: number
      readonly print: number
      readonly until: number | null
      readonly result: string
    }

export interface ActorPlan {
  readonly name: string
  readonly index: number
  readonly entries: readonly Planned[]
  /** Steps that are not accesses of the actor: a time that is up. Its thread lets the turn pass by. */
  readonly passes: readonly number[]
  /** Whether it comes to its end, or hangs where its plan ends. */
  readonly ends: boolean
}

export function plansOf({ actors, trace }: World): ActorPlan[] {
  const wakes = wakesOf(trace)
  return actors.map((actor) => ({
    name: actor.name,
    index: actor.index,
    entries: actor.log.map((step) => planned(step, wakes)),
    passes: trace
      .filter((step) => step.actor === actor && step.access.kind === Kind.TIMEOUT)
      .map(({ position }) => position),
    ends: actor.status === Status.FINISHED,
  }))
}

/** For each wait that ended, the step that ended it. */
function wakesOf(trace: readonly Step[]): Map<Step, number> {
  const wakes = new Map<Step, number>()
  for (const step of trace) for (const wait of step.woken ?? []) wakes.set(wait, step.position)
  return wakes
}

function planned(step: Step, wakes: ReadonlyMap<Step, number>): Planned {
  const { access, position, result } = step
  if (access.kind === Kind.LOCAL) {
    return access.source === 'new SharedArrayBuffer' ? { kind: 'own buffer' } : { kind: 'local', value: result }
  }
  const print = fingerprint(access)
  const slept = access.kind === Kind.WAIT && (wakes.has(step) || result === undefined)
  if (slept) return { kind: 'sleep', position, print, until: wakes.get(step) ?? null, result: String(result) }
  if (access.kind === Kind.NOTIFY) return { kind: 'access', position, print, result: Number(result) }
  return { kind: 'access', position, print }
}

/** What a thread reports when its actor is done, or hangs. */
export interface ActorReport {
  readonly name: string
  readonly result: unknown
  readonly thrown: string | null
  readonly hangs: boolean
  readonly diverged: LostWay | null
}

/** Where an actor's thread came to what its plan does not have. */
export interface LostWay {
  /** Counted from 1. */
  readonly step: number
  readonly message: string
}
