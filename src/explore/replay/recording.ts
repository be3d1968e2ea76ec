/** Records one schedule as plain data, for reports. */
import { isEvent, Kind, KIND_NAMES, mayWrite } from '../model/access.ts'
import type { Actor, Step } from '../model/actor.ts'
import { Status } from '../model/actor.ts'
import type { Operand } from '../model/elements.ts'
import type { Judgement } from '../subject/judge.ts'
import type { Names } from '../subject/names.ts'
import { current } from '../model/perform.ts'
import { framesOf } from '../run/positions.ts'
import type { Frame } from '../run/positions.ts'
import { wrote } from '../model/dependence.ts'
import type { DataRace } from '../model/races.ts'
import { isPreemption } from '../model/schedule.ts'
import type { World } from '../model/world.ts'

/** One step of a recorded schedule. */
export interface RecordedStep {
  /** The index of the actor in the recording's `actors`. */
  readonly actor: number
  /**
   * The operation: a method of Atomics, a plain read or write, or the end of a timed wait. `call` is a call of an
   * operation of the scenario that makes no access, and `return` the return of one whose last access was a sleep. With `crash` an
   * actor stops forever; its frames are those of the access that it would have made.
   */
  readonly action: (typeof KIND_NAMES)[number]
  /** Whether it wrote, even if it wrote the value that was there. A compareExchange that failed did not write. */
  readonly writes: boolean
  /** The name of the location in memory, such as `count` or `words[3]`. */
  readonly location: string
  /** The size of the access in bytes. */
  readonly size: number
  /** The value at the location before and after the step, as text; a run of bytes as hexadecimal digits. */
  readonly before: string
  readonly after: string
  /**
   * What the operation returned to the actor, as text; null if it never returned, because the actor sleeps to the end.
   */
  readonly result: string | null
  /** Whether the actor fell asleep in this step. */
  readonly slept: boolean
  /** The indexes of the actors that this step woke, in the order in which they slept. */
  readonly woken: readonly number[]
  /** Whether the step before is of another actor that could have taken this step: a preemption. */
  readonly preempts: boolean
  /** The call of an operation of the scenario that begins with this step, as text; absent if none does. */
  readonly begins?: string
  /** What a call of an operation of the scenario returns with this step, as text; absent if none returns. */
  readonly returns?: string
  /** The method in whose call the access was made, if a contract covered it in the exploration. */
  readonly covered?: string
  /** If the actor fell asleep in such a call: the index of the actor that had taken what it waits for, if that is known. */
  readonly holder?: number
  /** The calls in which the access was made, the innermost first. */
  readonly frames: readonly Frame[]
}

/** An actor that did not end, because it sleeps or spins forever. */
export interface StuckActor {
  /** The index of the actor. */
  readonly actor: number
  /** Whether it sleeps in `Atomics.wait` or repeats a loop. */
  readonly how: 'asleep' | 'spinning'
  /** The name of the location that it waits for, and the value there. */
  readonly location: string
  readonly value: string
  /** The calls that it is in, the innermost first. */
  readonly frames: readonly Frame[]
  /**
   * The position, from 0, of the last step of another actor that changed the location; else of its own last; else
   * undefined.
   */
  readonly changedBy: number | undefined
}

/** An exception that an actor threw. */
export interface Thrown {
  /** The index of the actor. */
  readonly actor: number
  /** The calls in which the error was created, the innermost first; null if what was thrown is not an Error. */
  readonly frames: readonly Frame[] | null
}

/** A text that an actor printed. */
export interface Printed {
  /** The index of the actor. */
  readonly actor: number
  /** The position, from 0, of the actor's last step before it printed; null if it had taken none. */
  readonly after: number | null
  readonly text: string
}

/** One schedule as it ran: what `replay` returns. It is plain data. */
export interface Recording {
  /** The names of the actors. Everything else refers to an actor by its index here. */
  readonly actors: readonly string[]
  readonly steps: readonly RecordedStep[]
  /** The outcome, and everything that is wrong with the schedule. */
  readonly judgement: Judgement
  /** The actors that did not end. */
  readonly stuck: readonly StuckActor[]
  /** The positions, from 0, of the earlier and the later step of each data race. */
  readonly races: readonly (readonly [earlier: number, later: number])[]
  readonly thrown: readonly Thrown[]
  readonly printed: readonly Printed[]
}

/** Records the schedule that has just ended. Source positions are there only if the engine noted them. */
export function recordingOf(world: World, names: Names, judgement: Judgement, races: readonly DataRace[]): Recording {
  return {
    actors: world.actors.map(({ name }) => name),
    steps: world.trace.map((step, position) => ({
      ...recorded(step, world.trace[position - 1], names),
      ...holderAt(world.trace, step),
    })),
    judgement,
    stuck: stuckActors(world, names),
    races: races.map(({ earlier, later }) => [earlier.position, later.position]),
    thrown: world.actors.flatMap(thrownBy),
    printed: world.actors.flatMap(printedBy),
  }
}

function recorded(step: Step, before: Step | undefined, names: Names): RecordedStep {
  const { returns } = step
  const { kind, at, size, begins, part, madeAt } = step.access
  const waits = kind === Kind.WAIT && step.effect && step.result === undefined
  return {
    actor: step.actor.index,
    action: KIND_NAMES[kind],
    writes: wrote(step),
    location: isEvent(kind) ? '' : names.nameOf(at, size),
    size,
    before: operandText(step.before),
    after: operandText(step.after),
    result: waits ? null : resultText(step.result),
    slept: kind === Kind.WAIT && step.result !== 'not-equal' && step.access.timeout !== 0,
    woken: kind === Kind.NOTIFY ? (step.woken ?? []).map((wait) => wait.actor.index) : [],
    preempts: isPreemption(before, step),
    ...(begins === undefined ? {} : { begins: begins.call }),
    ...(returns === undefined ? {} : { returns }),
    ...(part === undefined ? {} : { covered: part.method.name }),
    // A crash is no part of a call: it stands in a row of its own.
    frames: framesOf(madeAt?.stack ?? '').slice(0, kind === Kind.CRASH ? 1 : Infinity),
  }
}

/** Returns who has what a sleeper waits for: the last to have taken it, unless it was given back since. */
function holderAt(trace: readonly Step[], { access, position, effect, actor }: Step): Pick<RecordedStep, 'holder'> {
  if (access.part === undefined || access.kind !== Kind.WAIT || !effect) return {}
  const changes = trace.slice(0, position).filter((step) => step.effect && step.access.at === access.at)
  const last = changes.findLast((step) => step.actor !== actor && step.access.part?.method.pair !== undefined)
  return last?.access.part?.method.pair === 'takes' ? { holder: last.actor.index } : {}
}

function thrownBy({ index, thrown }: Actor): Thrown[] {
  if (thrown === undefined) return []
  const { error } = thrown
  return [{ actor: index, frames: error instanceof Error ? framesOf(String(error.stack)) : null }]
}

function printedBy({ index, log, notes }: Actor): Printed[] {
  return notes.map(({ after, text }) => {
    // The log also has values that come from outside the memory, such as random numbers; these are not steps.
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
    if (actor.status === Status.FINISHED || actor.unborn || access === undefined) return []
    const changes = trace.filter((step) => step.effect && mayWrite(step.access.kind) && step.access.at === access.at)
    // A sleeper may have written to the word itself before it slept. The last change by another actor explains more.
    const changed = changes.findLast((step) => step.actor !== actor) ?? changes.at(-1)
    return [
      {
        actor: actor.index,
        how: actor.spin === undefined ? 'asleep' : 'spinning',
        location: names.nameOf(access.at, access.size),
        value: operandText(current(access.kind, access.view, access.index, access.second)),
        frames: framesOf(access.madeAt?.stack ?? ''),
        changedBy: changed?.position,
      },
    ]
  })
}
