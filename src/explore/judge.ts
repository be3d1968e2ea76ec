/**
 * What a schedule that has ended shows: its outcome, and everything that is wrong with it.
 */
import type { Grade, Scenario } from '../scenario.ts'
import { isAtomic } from './access.ts'
import type { Step } from './access.ts'
import { Status } from './actor.ts'
import type { Actor } from './actor.ts'
import type { End } from './engine.ts'
import type { Names } from './names.ts'
import { raceSentence } from './race-words.ts'
import type { RaceSide } from './race-words.ts'
import { wrote } from './races.ts'
import type { DataRace } from './races.ts'
import { Refusal } from './refusal.ts'
import type { FailureKind } from './result.ts'

export interface Fault {
  readonly kind: FailureKind
  readonly message: string
  readonly outcome: string | null
  /** Tells this fault from others of its kind, for finding the same one in another schedule. */
  readonly identity: string
}

export interface Outcome {
  readonly key: string
  readonly grade: Grade
  readonly description: string | undefined
}

export interface Judgement {
  readonly outcome: Outcome | undefined
  readonly faults: readonly Fault[]
}

export interface Ended {
  readonly end: End
  readonly memory: unknown
  readonly actors: readonly Actor[]
  readonly races: readonly DataRace[]
  readonly names: Names
}

export function judge(scenario: Scenario, ended: Ended): Judgement {
  const faults: Fault[] = []
  for (const actor of ended.actors) {
    if (actor.thrown !== undefined) faults.push(fault('exception', `${actor.name} threw ${textOf(actor.thrown.error)}`))
  }
  let outcome: Outcome | undefined
  if (ended.end === 'stuck') faults.push(stuckFault(ended.actors))
  else if (faults.length === 0) outcome = observed(scenario, ended, faults)
  for (const race of ended.races) faults.push(raceFault(race, ended.names, outcome?.key))
  return { outcome, faults }
}

function observed(scenario: Scenario, { memory, actors }: Ended, faults: Fault[]): Outcome {
  const results = Object.fromEntries(actors.map((actor) => [actor.name, actor.result]))
  const broken = brokenInvariant(scenario, memory, results)
  const outcome = graded(scenario, outcomeKey(scenario.observe?.(memory, results) ?? results))
  if (broken !== undefined) faults.push(fault('invariant', broken, outcome.key))
  if (outcome.grade === 'forbidden') {
    faults.push(fault('outcome', outcome.description ?? `the outcome ${outcome.key} is forbidden`, outcome.key))
  }
  return outcome
}

function brokenInvariant(scenario: Scenario, memory: unknown, results: Record<string, unknown>): string | undefined {
  try {
    return scenario.invariant?.(memory, results) === false ? 'the invariant does not hold' : undefined
  } catch (error) {
    if (error instanceof Refusal) throw error
    return `the invariant does not hold: ${textOf(error)}`
  }
}

/** The outcome's key is the string itself, or else its JSON. */
export function outcomeKey(seen: unknown): string {
  if (typeof seen === 'string') return seen
  const json = JSON.stringify(seen, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)) as
    | string
    | undefined
  return json ?? String(seen)
}

function graded(scenario: Scenario, key: string): Outcome {
  const { outcomes } = scenario
  if (outcomes === undefined) return { key, grade: 'acceptable', description: undefined }
  const listed = Object.hasOwn(outcomes, key) ? outcomes[key] : undefined
  if (listed === undefined)
    return { key, grade: 'forbidden', description: `the outcome ${key} is not among those listed` }
  return typeof listed === 'string'
    ? { key, grade: listed, description: undefined }
    : { key, grade: listed[0], description: listed[1] }
}

/** Nobody can go on. If somebody could still spin it is a livelock, even if others are asleep. */
function stuckFault(actors: readonly Actor[]): Fault {
  const spinning = actors.filter((actor) => actor.spin !== undefined).map((actor) => actor.name)
  const asleep = actors.filter((actor) => actor.status === Status.WAITING && actor.spin === undefined)
  const sleepers = asleep.map((actor) => actor.name)
  if (spinning.length === 0)
    return fault('deadlock', `${enumerated(sleepers)} ${sleepers.length > 1 ? 'sleep' : 'sleeps'} for ever`)
  const rest =
    sleepers.length === 0 ? '' : `, ${enumerated(sleepers)} ${sleepers.length > 1 ? 'sleep' : 'sleeps'} for ever`
  return fault('livelock', `${enumerated(spinning)} ${spinning.length > 1 ? 'spin' : 'spins'} for ever${rest}`)
}

function enumerated(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function fault(kind: FailureKind, message: string, outcome: string | null = null): Fault {
  // A deadlock is the same deadlock whoever sleeps in it; an exception is told by what was thrown.
  return { kind, message, outcome, identity: `${kind} ${outcome ?? message}` }
}

/** A race is told by its sentence, which names the place and what the two actors do there. */
export function raceFault({ earlier, later }: DataRace, names: Names, outcome: string | null = null): Fault {
  const message = raceSentence(raceSide(earlier, names), raceSide(later, names))
  return { kind: 'data-race', message, outcome, identity: `data-race ${message}` }
}

export function raceSide(step: Step, names: Names): RaceSide {
  const { actor, access } = step
  return {
    actor: actor.index,
    name: actor.name,
    atomic: isAtomic(access.kind),
    wrote: wrote(step),
    place: names.nameOf(access.at, access.size),
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
