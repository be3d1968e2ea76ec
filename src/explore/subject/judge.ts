/**
 * What a schedule that has ended shows: its outcome, and everything that is wrong with it.
 */
import type { Scenario } from '../../scenario.ts'
import { isAtomic } from '../model/access.ts'
import type { Step } from '../model/access.ts'
import { Status } from '../model/actor.ts'
import type { Actor } from '../model/actor.ts'
import { copyOf } from './copier.ts'
import type { End } from '../run/engine.ts'
import type { FailureKind } from './failure-kind.ts'
import type { Names } from './names.ts'
import { outcomeOf, refusePromise } from './outcome.ts'
import type { Outcome } from './outcome.ts'
import { raceSentence } from '../model/race-words.ts'
import type { RaceSide } from '../model/race-words.ts'
import { wrote } from '../model/races.ts'
import type { DataRace } from '../model/races.ts'
import { Refusal } from '../model/refusal.ts'
import { textOfThrown } from '../run/thrown.ts'
import { explainFault } from '../run/unseen.ts'

export interface Fault {
  readonly kind: FailureKind
  readonly message: string
  readonly outcome: string | null
  /** Tells this fault from others of its kind, for finding the same one in another schedule. */
  readonly identity: string
}

export { outcomeKey } from './outcome.ts'
export type { Outcome }

export interface Judgement {
  readonly outcome: Outcome | undefined
  readonly faults: readonly Fault[]
}

export interface Ended {
  readonly end: End
  /** Makes what memory() returned anew: for each function that looks at it, so that none sees what another did to it. */
  readonly memory: () => unknown
  readonly actors: readonly Actor[]
  readonly races: readonly DataRace[]
  readonly names: Names
}

export function judge(scenario: Scenario, ended: Ended): Judgement {
  const faults: Fault[] = []
  for (const actor of ended.actors) {
    if (actor.thrown !== undefined)
      faults.push(fault('exception', `${actor.name} threw ${textOfThrown(actor.thrown.error)}`))
  }
  let outcome: Outcome | undefined
  if (ended.end === 'stuck') faults.push(stuckFault(ended.actors))
  else if (faults.length === 0) outcome = observed(scenario, ended, faults)
  for (const race of ended.races) faults.push(raceFault(race, ended.names, outcome?.key))
  return { outcome, faults }
}

function observed(scenario: Scenario, { memory, actors }: Ended, faults: Fault[]): Outcome {
  const results = (): Record<string, unknown> =>
    Object.fromEntries(actors.map(({ name, result }) => [name, copyOf(result)]))
  const broken = brokenInvariant(scenario, memory, results)
  const outcome = outcomeOf(scenario, memory, results)
  if (broken !== undefined) faults.push(fault('invariant', broken, outcome.key))
  if (outcome.grade === 'forbidden') {
    faults.push(fault('outcome', outcome.description ?? `the outcome ${outcome.key} is forbidden`, outcome.key))
  }
  return outcome
}

function brokenInvariant(
  scenario: Scenario,
  memory: () => unknown,
  results: () => Record<string, unknown>,
): string | undefined {
  if (scenario.invariant === undefined) return undefined
  let holds: unknown
  try {
    holds = scenario.invariant(memory(), results())
  } catch (error) {
    if (error instanceof Refusal) throw error
    const unseen = explainFault(error)
    if (unseen !== undefined) throw new Refusal(`invariant(): ${unseen}`, { cause: error })
    return `the invariant does not hold: ${textOfThrown(error)}`
  }
  if (holds === false) return 'the invariant does not hold'
  if (holds === undefined || holds === true) return undefined
  refusePromise('invariant()', holds)
  throw new Refusal(`invariant() returned ${textOfThrown(holds)}: it has to return true or false, or to throw.`)
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
