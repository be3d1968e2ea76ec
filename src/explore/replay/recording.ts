/**
 * One schedule as it went, as data: what a report shows.
 */
import { Kind, KIND_NAMES, mayWrite } from '../model/access.ts'
import type { Actor, Step } from '../model/actor.ts'
import { Status } from '../model/actor.ts'
import type { Operand } from '../model/elements.ts'
import type { Judgement } from '../subject/judge.ts'
import type { Names } from '../subject/names.ts'
import { current } from '../model/perform.ts'
import { framesOf } from '../run/positions.ts'
import type { Frame } from '../run/positions.ts'
import { wrote } from '../model/races.ts'
import type { DataRace } from '../model/races.ts'
import { isPreemption } from '../model/schedule.ts'
import type { World } from '../model/world.ts'

export interface RecordedStep {
  /** Index into the recording's actors. */
  readonly actor: number
  readonly action: (typeof KIND_NAMES)[number]
  /** Whether it wrote, be it the value that was there: a compareExchange that failed has not. */
  readonly writes: boolean
  /** The name of the place. */
  readonly place: string
  readonly size: number
  /** What was there before and after; bytes as hexadecimal digits. */
  readonly before: string
  readonly after: string
  /** What the actor was told; null if it never was, being asleep to the end. */
  readonly result: string | null
  /** Whether the actor fell asleep in it. */
  readonly slept: boolean
  /** Actors that this step woke. */
  readonly woken: readonly number[]
  /** Whether it took the turn from an actor that could have gone on. */
  readonly preempts: boolean
  /** Where it was asked for, the innermost call first. */
  readonly frames: readonly Frame[]
}

/** An actor that did not come to its end. */
export interface StuckActor {
  readonly actor: number
  readonly how: 'asleep' | 'spinning'
  readonly place: string
  readonly value: string
  readonly frames: readonly Frame[]
  /** The step in which somebody, if possible somebody else, last changed the place. */
  readonly changedBy: number | undefined
}

/** What an actor threw. */
export interface Thrown {
  readonly actor: number
  /** Where the error was made, the innermost call first; null for what is no Error and has no stack. */
  readonly frames: readonly Frame[] | null
}

/** What an actor printed. */
export interface Printed {
  readonly actor: number
  /** The position of the actor's last step before it; null if it had taken none. */
  readonly after: number | null
  readonly text: string
}

export interface Recording {
  readonly actors: readonly string[]
  readonly steps: readonly RecordedStep[]
  readonly judgement: Judgement
  readonly stuck: readonly StuckActor[]
  /** Positions of the earlier and the later step of each data race. */
  readonly races: readonly (readonly [earlier: number, later: number])[]
  readonly thrown: readonly Thrown[]
  readonly printed: readonly Printed[]
}

export function recordingOf(world: World, names: Names, judgement: Judgement, races: readonly DataRace[]): Recording {
  return {
    actors: world.actors.map(({ name }) => name),
    steps: world.trace.map((step, position) => recorded(step, world.trace[position - 1], names)),
    judgement,
    stuck: stuckActors(world, names),
    races: races.map(({ earlier, later }) => [earlier.position, later.position]),
    thrown: world.actors.flatMap(thrownBy),
    printed: world.actors.flatMap(printedBy),
  }
}

function recorded(step: Step, before: Step | undefined, names: Names): RecordedStep {
  const { kind, at, size, madeAt } = step.access
  const waits = kind === Kind.WAIT && step.effect && step.result === undefined
  return {
    actor: step.actor.index,
    action: KIND_NAMES[kind],
    writes: wrote(step),
    place: names.nameOf(at, size),
    size,
    before: operandText(step.before),
    after: operandText(step.after),
    result: waits ? null : resultText(step.result),
    slept: kind === Kind.WAIT && step.result !== 'not-equal' && step.access.timeout !== 0,
    woken: kind === Kind.NOTIFY ? (step.woken ?? []).map((wait) => wait.actor.index) : [],
    preempts: isPreemption(before, step),
    frames: framesOf(madeAt?.stack ?? ''),
  }
}

function thrownBy({ index, thrown }: Actor): Thrown[] {
  if (thrown === undefined) return []
  const { error } = thrown
  return [{ actor: index, frames: error instanceof Error ? framesOf(String(error.stack)) : null }]
}

function printedBy({ index, log, notes }: Actor): Printed[] {
  return notes.map(({ after, text }) => {
    // Values from outside the memory are logged as well, and are no steps.
    const step = log.slice(0, after).findLast(({ access }) => access.kind !== Kind.LOCAL)
    return { actor: index, after: step?.position ?? null, text }
  })
}

function operandText(value: Operand): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return String(value)
}

function resultText(value: unknown): string {
  return value instanceof Uint8Array ? operandText(value) : String(value)
}

function stuckActors({ actors, trace }: World, names: Names): StuckActor[] {
  return actors.flatMap((actor): StuckActor[] => {
    const access = actor.waiting?.access ?? actor.pending
    if (actor.status === Status.FINISHED || access === undefined) return []
    const changes = trace.filter((step) => step.effect && mayWrite(step.access.kind) && step.access.at === access.at)
    // A sleeper may have marked the word itself before it slept: who matters is who else left it so.
    const changed = changes.findLast((step) => step.actor !== actor) ?? changes.at(-1)
    return [
      {
        actor: actor.index,
        how: actor.spin === undefined ? 'asleep' : 'spinning',
        place: names.nameOf(access.at, access.size),
        value: operandText(current(access.kind, access.view, access.index, access.second)),
        frames: framesOf(access.madeAt?.stack ?? ''),
        changedBy: changed?.position,
      },
    ]
  })
}
