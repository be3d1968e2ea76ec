/**
 * Steps through a scenario by hand: whoever calls says which actor takes each step, sees the state after it, and may ask what can still
 * come of it.
 */
import { hasOperations } from '../../scenario.ts'
import type { OperationsScenario, Scenario } from '../../scenario.ts'
import { checkAnyShape } from '../clients/shape.ts'
import { subjectOf } from '../clients/subject-of.ts'
import { Status } from '../model/actor.ts'
import type { Actor } from '../model/actor.ts'
import { describeAccess } from '../model/describe.ts'
import { NO_ACTOR } from '../model/no-actor.ts'
import { Refusal } from '../model/refusal.ts'
import { preemptionsIn, unitsOf } from '../model/schedule.ts'
import type { Schedule } from '../model/schedule.ts'
import { framesOf } from '../run/positions.ts'
import type { Frame } from '../run/positions.ts'
import { calling } from '../run/thrown.ts'
import type { End } from '../run/turns.ts'
import { boundsOf } from '../search/options.ts'
import { SourceDpor } from '../strategies/dpor.ts'
import { ControlledScenario } from '../subject/controlled-scenario.ts'
import { recordingOf } from './recording.ts'
import type { Recording } from './recording.ts'
import { encodeToken } from './token.ts'

/** Which scenario is meant, and its random numbers: what a token says beside its schedule. */
export interface Start {
  /** The client or the crash, as a token names it. Default: the scenario as it is, without a crash. */
  readonly client?: string | undefined
  /** Default: 1. */
  readonly seed?: number
}

/** The step that an actor takes if it is chosen. */
export interface NextStep {
  /** Whether it can be chosen. If not, the actor sleeps, spins, or waits for a crash. */
  readonly isEnabled: boolean
  /** The access, as the code writes it; for a sleeper, the wait that it is in. */
  readonly what: string
  /** The calls in which the access is made, the innermost first. */
  readonly frames: readonly Frame[]
}

/** The state after some steps. */
export interface Stepped {
  /** The steps. While the schedule has not ended, nothing is judged, and no actor is stuck. */
  readonly recording: Recording
  /** What each actor does next; null if it has ended. */
  readonly next: readonly (NextStep | null)[]
  /** How the schedule has ended; null if an actor can go on. */
  readonly end: Exclude<End, 'pruned'> | null
  readonly preemptions: number
  /** The token of the steps. `replay` takes it once the schedule has ended. */
  readonly token: string
}

/** What can come of a state. */
export interface Outlook {
  /** How many ways to go on hold, and how many fail: one of each equivalence class. */
  readonly holding: number
  readonly failing: number
  /** Whether these are all. */
  readonly complete: boolean
}

const UNJUDGED = { outcome: undefined, faults: [] }

/**
 * Takes the steps of `schedule`, and returns the state after the last of them. If an actor cannot take its step, the state is the one
 * before that step. Throws Refusal for a scenario that cannot be explored, or that has no such client or crash.
 *
 * Cost: one run of the schedule, with the stack captured at each access.
 */
export function stepThrough(
  scenario: Scenario | OperationsScenario,
  schedule: Schedule,
  { client, seed = 1 }: Start = {},
): Stepped {
  return controlling(scenario, client, seed, (controlled) => {
    const { engine } = controlled
    const { world } = engine
    engine.positions = true
    engine.follow(schedule.length)
    engine.start()
    const end = engine.run(() => choiceOf(schedule[world.trace.length], world.actors))
    const isOver = end !== 'pruned'
    const races = isOver ? controlled.racesIn(world.trace) : []
    const judgement = isOver ? controlled.judge(end, races) : UNJUDGED
    const recording = recordingOf(world, controlled.names, judgement, races)
    return {
      recording: isOver ? recording : { ...recording, stuck: [] },
      next: world.actors.map(nextOf),
      end: isOver ? end : null,
      preemptions: preemptionsIn(world.trace),
      token: encodeToken(world.trace, seed, '', client),
    }
  })
}

/**
 * Returns what can come of the state after the steps of `schedule`: whether it can still fail, and whether it can still hold. Data races
 * do not count. Runs at most `mostSchedules` ways to go on.
 *
 * Throws as `stepThrough` does. Source: the dynamic partial-order reduction of `explore`, which runs all ways to go on from a state before it
 * changes a step that led there.
 */
export function outlookOf(
  scenario: Scenario | OperationsScenario,
  schedule: Schedule,
  { client, seed = 1, mostSchedules = 10_000 }: Start & { readonly mostSchedules?: number } = {},
): Outlook {
  return controlling(scenario, client, seed, (controlled) => {
    const { engine } = controlled
    engine.start()
    engine.run(() => choiceOf(schedule[engine.world.trace.length], engine.world.actors))
    const strategy = new SourceDpor(
      engine.world,
      unitsOf(engine.world.trace).map(({ actor }) => actor.index),
    )
    const given = engine.world.units.length
    engine.startOver()
    const seen = { holding: 0, failing: 0 }
    for (let depth = strategy.next(), runs = 0; depth !== undefined && (runs === 0 || depth >= given); runs++) {
      if (runs === mostSchedules) return { ...seen, complete: false }
      engine.undoToUnit(depth)
      const end = engine.run((enabled) => strategy.choose(enabled))
      if (end === 'too-long' || engine.cutLoops.size > 0) return { ...seen, complete: false }
      if (end !== 'pruned') seen[controlled.judge(end, []).faults.length === 0 ? 'holding' : 'failing']++
      depth = strategy.next()
    }
    return { ...seen, complete: true }
  })
}

function controlling<Result>(
  scenario: Scenario | OperationsScenario,
  client: string | undefined,
  seed: number,
  work: (controlled: ControlledScenario) => Result,
): Result {
  calling('The scenario', () => checkAnyShape(scenario))
  const subject = subjectOf(scenario, client)
  if (subject === undefined) {
    const what = hasOperations(scenario) ? 'a client of the scenario' : 'a crash that the scenario allows'
    throw new Refusal(`"${client}" does not name ${what}.`)
  }
  return ControlledScenario.use(subject, { ...boundsOf({ seed }), dataRaces: true }, work)
}

/** Returns the actor if it can take a step here; NO_ACTOR if it cannot, or if there is none. */
function choiceOf(index: number | undefined, actors: readonly Actor[]): number {
  const actor = index === undefined ? undefined : actors[index]
  return actor?.enabled === true ? actor.index : NO_ACTOR
}

function nextOf(actor: Actor): NextStep | null {
  const access = actor.waiting?.access ?? actor.pending
  if (actor.status === Status.FINISHED || access === undefined) return null
  const how = actor.waiting === undefined ? describeAccess(access) : `asleep in ${describeAccess(access)}`
  return { isEnabled: actor.enabled, what: how, frames: framesOf(access.madeAt?.stack ?? '') }
}
