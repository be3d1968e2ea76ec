/** Judges a schedule that has ended: determines its outcome and its faults. */
import { inspect } from 'node:util'
import { RacelabError } from '../../errors.ts'
import type { Scenario } from '../../scenario.ts'
import { isAtomic } from '../model/access.ts'
import type { Actor, Step } from '../model/actor.ts'
import { Status } from '../model/actor.ts'
import { Client } from './client.ts'
import { copyOf } from './copier.ts'
import type { End } from '../run/turns.ts'
import type { FailureKind } from './failure-kind.ts'
import type { Names } from './names.ts'
import { outcomeOf, refusePromise } from './outcome.ts'
import type { Outcome, Seen } from './outcome.ts'
import { raceSentence } from '../model/race-words.ts'
import type { RaceSide } from '../model/race-words.ts'
import { wrote } from '../model/dependence.ts'
import type { DataRace } from '../model/races.ts'
import { Refusal } from '../model/refusal.ts'
import { calling, textOfThrown } from '../run/thrown.ts'
import { explainFault } from '../run/unseen.ts'

/** One thing that is wrong with a schedule. */
export interface Fault {
  readonly kind: FailureKind
  /** What is wrong, in one sentence without a full stop. */
  readonly message: string
  /** The key of the outcome that the schedule ended in; null if it has none. */
  readonly outcome: string | null
  /** A key by which a fault is recognised in other schedules. */
  readonly identity: string
}

/** What a schedule that has ended shows. */
export interface Judgement {
  /** Undefined if an actor threw or did not end. */
  readonly outcome: Outcome | undefined
  readonly faults: readonly Fault[]
}

/** What `judge` reads of an actor. */
export type EndedActor = Pick<Actor, 'name' | 'status' | 'spin' | 'result' | 'thrown' | 'events'> &
  Partial<Pick<Actor, 'crashed' | 'unborn'>>

/** The parts of an ended schedule that `judge` reads. */
export interface Ended {
  readonly end: End
  /**
   * Returns a new copy of what memory() returned, for each function of the scenario. All copies refer to the same
   * shared memory.
   */
  readonly memory: () => unknown
  readonly actors: readonly EndedActor[]
  readonly races: readonly DataRace[]
  readonly names: Names
  /**
   * Calls one function of the scenario and then restores the shared memory, so that the next function finds it as the
   * schedule left it.
   */
  readonly keepingMemory: <Result>(look: () => Result) => Result
}

/** Returns the outcome and the faults of a schedule. Throws Refusal if invariant() or observe() cannot be used. */
export function judge(scenario: Scenario, ended: Ended): Judgement {
  const faults: Fault[] = []
  for (const actor of ended.actors) {
    if (actor.thrown !== undefined)
      faults.push(fault('exception', `${actor.name} threw ${textOfThrown(actor.thrown.error)}`))
  }
  let outcome: Outcome | undefined
  if (ended.end === 'stuck') {
    if (!(scenario instanceof Client && mayHang(scenario, ended))) faults.push(stuckFault(ended.actors))
  } else if (faults.length === 0) outcome = observed(scenario, ended, faults)
  for (const race of ended.races) faults.push(raceFault(race, ended.names, outcome?.key))
  return { outcome, faults }
}

function observed(scenario: Scenario, { memory, actors, keepingMemory }: Ended, faults: Fault[]): Outcome {
  const returned = actors.filter(({ crashed = false, unborn = false }) => !crashed && !unborn)
  const results = (): Record<string, unknown> =>
    Object.fromEntries(returned.map(({ name, result }) => [name, copyOf(result)]))
  const crashed = actors.find((actor) => actor.crashed === true)?.name
  const seen = { memory, results, crashed }
  const broken = keepingMemory(() => brokenInvariant(scenario, seen))
  const outcome = keepingMemory(() => outcomeOf(scenario, seen))
  if (broken !== undefined) faults.push(fault('invariant', broken, outcome.key))
  if (outcome.grade === 'forbidden') {
    faults.push(fault('outcome', outcome.description ?? `the outcome ${outcome.key} is forbidden`, outcome.key))
  }
  const unexplained = scenario instanceof Client ? historyFault(scenario, actors, keepingMemory) : undefined
  if (unexplained !== undefined) faults.push(fault('not-linearizable', unexplained, outcome.key))
  return outcome
}

/** Returns why no order of a client's calls explains what they returned; undefined if an order does. */
function historyFault(
  { history }: Client,
  actors: readonly EndedActor[],
  keepingMemory: Ended['keepingMemory'],
): string | undefined {
  const threads = actors.map(({ name, events, result }) => ({ name, events, outputs: result as unknown[] }))
  return keepingMemory(() => asking(() => history.faultOf(threads)))
}

/** Whether the calls of a client that have not returned may wait forever. */
function mayHang(client: Client, { actors, keepingMemory }: Ended): boolean {
  if (actors.some(({ thrown }) => thrown !== undefined)) return false
  const threads = actors.map(({ name, events }) => client.callsOf(name, events))
  return keepingMemory(() => asking(() => client.history.mayHang(threads)))
}

/** Calls the model. Its own error says what is wrong, such as an operation that it does not have. */
function asking<Answer>(work: () => Answer): Answer {
  try {
    return work()
  } catch (error) {
    if (error instanceof RacelabError) throw error
    return calling('The model', () => {
      throw error
    })
  }
}

function brokenInvariant(scenario: Scenario, { memory, results, crashed }: Seen): string | undefined {
  if (scenario.invariant === undefined) return undefined
  let holds: unknown
  try {
    holds = scenario.invariant(memory(), results(), crashed)
  } catch (error) {
    if (error instanceof Refusal) throw error
    const unseen = explainFault(error)
    if (unseen !== undefined) throw new Refusal(`invariant(): ${unseen}`, { cause: error })
    return `the invariant does not hold: ${textOfThrown(error)}`
  }
  if (holds === false) return 'the invariant does not hold'
  if (holds === undefined || holds === true) return undefined
  refusePromise('invariant()', holds)
  throw new Refusal(
    `invariant() returned ${inspect(holds, { depth: 1, breakLength: Infinity })}: it must return true or false, or throw.`,
  )
}

/** Returns the fault of a schedule in which no actor can go on: a livelock if an actor spins, else a deadlock. */
function stuckFault(actors: readonly EndedActor[]): Fault {
  const spinning = actors.filter((actor) => actor.spin !== undefined).map((actor) => actor.name)
  const asleep = actors.filter(
    ({ status, unborn, spin }) => status === Status.WAITING && unborn !== true && spin === undefined,
  )
  const sleepers = asleep.map((actor) => actor.name)
  if (spinning.length === 0)
    return fault('deadlock', `${joinedWithAnd(sleepers)} ${sleepers.length > 1 ? 'sleep' : 'sleeps'} forever`)
  const rest =
    sleepers.length === 0 ? '' : `, ${joinedWithAnd(sleepers)} ${sleepers.length > 1 ? 'sleep' : 'sleeps'} forever`
  return fault('livelock', `${joinedWithAnd(spinning)} ${spinning.length > 1 ? 'spin' : 'spins'} forever${rest}`)
}

function joinedWithAnd(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function fault(kind: FailureKind, message: string, outcome: string | null = null): Fault {
  // Two faults of a kind are the same if they have the same outcome or, if they have none, the same message.
  return { kind, message, outcome, identity: `${kind} ${outcome ?? message}` }
}

/**
 * Returns a data race as a fault. Its sentence is its identity: it names the location and what the two actors do there.
 */
export function raceFault({ earlier, later }: DataRace, names: Names, outcome: string | null = null): Fault {
  const message = raceSentence(raceSide(earlier, names), raceSide(later, names))
  return { kind: 'data-race', message, outcome, identity: `data-race ${message}` }
}

/** Returns what `raceSentence` needs to know of one access of a data race. */
export function raceSide(step: Step, names: Names): RaceSide {
  const { actor, access } = step
  return {
    actor: actor.index,
    name: actor.name,
    atomic: isAtomic(access.kind),
    wrote: wrote(step),
    location: names.nameOf(access.at, access.size),
  }
}
