/** Runs the schedule of a token again, step by step, and says where the scenario no longer follows it. */
import { hasOperations } from '../../scenario.ts'
import type { OperationsScenario, Scenario } from '../../scenario.ts'
import { classesNamed } from '../contracts/covering.ts'
import { checkAnyShape } from '../clients/shape.ts'
import { subjectOf } from '../clients/subject-of.ts'
import { isCrashText } from '../subject/crashing.ts'
import type { Access } from '../model/access.ts'
import { Status } from '../model/actor.ts'
import { describeAccess } from '../model/describe.ts'
import type { End } from '../run/turns.ts'
import { NO_ACTOR } from '../model/no-actor.ts'
import { boundsOf } from '../search/options.ts'
import { formatFrame, framesOf } from '../run/positions.ts'
import { calling } from '../run/thrown.ts'
import type { Divergence } from './divergence.ts'
import { plansOf } from './plan.ts'
import type { ActorPlan } from './plan.ts'
import { recordingOf } from './recording.ts'
import type { Recording } from './recording.ts'
import { Refusal } from '../model/refusal.ts'
import { ControlledScenario } from '../subject/controlled-scenario.ts'
import { decodeToken, fingerprint } from './token.ts'
import type { TokenContent } from './token.ts'
import type { World } from '../model/world.ts'

/**
 * What came of a replay: the recording of the schedule, or the divergence at which the scenario left it.
 */
export type Replay =
  | { readonly kind: 'replayed'; readonly recording: Recording }
  | { readonly kind: 'diverged'; readonly divergence: Divergence }

/** How to replay a schedule. */
export interface ReplayOptions {
  /**
   * The classes with a contract of which each call was one step when the schedule was found: the `contracts` of the exploration. Before
   * a call that would not go through, an actor cannot go on, so no preemption is counted there. Default: none.
   */
  readonly contracts?: readonly string[]
}

/**
 * Replays a token on the explorer, and returns the recording of its schedule, or where the scenario diverged from it.
 *
 * Guarantees: the same steps in the same order, and so the same outcome each time. A scenario that has changed since
 * the token was made is not an error: the result is a divergence with the step and the source line.
 *
 * Throws TokenError for a token that is damaged or of another version, and Refusal for a scenario that cannot be
 * explored.
 *
 * Cost: one run of the schedule, with the stack captured at each access. The globals are replaced while it runs, as by
 * `explore`.
 *
 * Source: re-execution from a log of accesses, as `explore` does it; a token is a list of the actors of all steps.
 *
 * @example
 * import { explore } from 'racelab/explore'
 * const counter = {
 *   name: 'two increments',
 *   memory: () => new Int32Array(new SharedArrayBuffer(4)),
 *   actors: {
 *     alice: (words) => Atomics.store(words, 0, Atomics.load(words, 0) + 1),
 *     bob: (words) => Atomics.store(words, 0, Atomics.load(words, 0) + 1),
 *   },
 *   observe: (words) => Atomics.load(words, 0),
 *   outcomes: { 2: 'acceptable' },
 * }
 * const { token } = explore(counter).failures[0]
 * const replayed = replay(counter, token)
 * replayed.recording.judgement.outcome.key // '1'
 * replayed.recording.steps.map(({ actor, action }) => `${actor} ${action}`) // ['0 load', '1 load', '1 store', '0 store']
 */
export function replay(scenario: Scenario | OperationsScenario, token: string, options: ReplayOptions = {}): Replay {
  return followed(scenario, token, options, (controlled, end) => {
    const { world } = controlled.engine
    const races = controlled.racesIn(world.trace)
    const judgement = controlled.judge(end, races)
    return { kind: 'replayed', recording: recordingOf(world, controlled.names, judgement, races) }
  })
}

/** The plans for a replay on threads, or the divergence that makes one impossible. */
export type PlannedReplay =
  | {
      readonly kind: 'planned'
      /** The scenario with actors, or the client that the token names. */
      readonly subject: Scenario
      /** The client as the token names it; undefined for a scenario with actors. */
      readonly client: string | undefined
      readonly plans: ActorPlan[]
      readonly memory: unknown
      readonly buffers: SharedArrayBuffer[]
    }
  | { readonly kind: 'diverged'; readonly divergence: Divergence }

/**
 * Replays a token on the explorer, and returns what threads need to follow its schedule, with the memory as it is
 * before the first step.
 */
export function planToken(scenario: Scenario | OperationsScenario, token: string): PlannedReplay {
  return followed(scenario, token, {}, (controlled, _, { client }) => {
    const { engine } = controlled
    if (controlled.usesOtherMemory) {
      throw new Refusal(
        'The actors use shared memory that memory() did not return. Each thread loads the module again, and would have ' +
          'its own: return it from memory(), and use it through what the actors are given.',
      )
    }
    const plans = plansOf(engine.world)
    engine.undoTo(0)
    return {
      kind: 'planned',
      subject: controlled.scenario,
      client,
      plans,
      memory: controlled.rawMemory(),
      buffers: engine.regions.shared.map(({ buffer }) => buffer),
    }
  })
}

/** Replays a token on the explorer. Returns what `work` returns for the schedule that has ended, or the divergence. */
function followed<Result>(
  scenario: Scenario | OperationsScenario,
  token: string,
  { contracts = [] }: ReplayOptions,
  work: (controlled: ControlledScenario, end: End, content: TokenContent) => Result,
): Result | { readonly kind: 'diverged'; readonly divergence: Divergence } {
  const content = decodeToken(token)
  const subject = subjectOrWhy(scenario, content)
  if (typeof subject === 'string') return { kind: 'diverged', divergence: diverged(0, subject) }
  const bounds = boundsOf({ seed: content.seed, maxSteps: Infinity, spinRounds: Infinity })
  const covered = classesNamed(contracts, scenario)
  const options = { ...bounds, dataRaces: true, contracts: 'gates' as const, covered }
  return ControlledScenario.use(subject, options, (controlled) => {
    const end = follow(controlled, content)
    return typeof end === 'string' ? work(controlled, end, content) : { kind: 'diverged', divergence: end }
  })
}

/** Returns what the token's schedule is of: the scenario, one of its clients, or the scenario with a crash. If it is none, returns why. */
function subjectOrWhy(scenario: Scenario | OperationsScenario, { client }: TokenContent): Scenario | string {
  calling('The scenario', () => checkAnyShape(scenario))
  return subjectOf(scenario, client) ?? `the token is of ${whatIsMissing(scenario, client)}`
}

function whatIsMissing(scenario: Scenario | OperationsScenario, client: string | undefined): string {
  if (client === undefined) return 'a scenario with actors, and this one has operations'
  if (hasOperations(scenario)) return 'a client with a call that the scenario does not have'
  if (isCrashText(client)) return 'a crash of an actor that may not crash'
  return 'a client of operations, and the scenario has none'
}

/**
 * Follows the token's schedule while noting source positions. Returns how it ended, or where the scenario diverged from
 * it.
 */
function follow({ engine }: ControlledScenario, content: TokenContent): End | Divergence {
  const { world } = engine
  engine.reset()
  engine.positions = true
  engine.follow(content.schedule.length)
  engine.start()
  let divergence: Divergence | undefined
  const end = engine.run((enabled) => {
    divergence = compare(world, content, enabled)
    return divergence === undefined ? (content.schedule[world.trace.length] ?? NO_ACTOR) : NO_ACTOR
  })
  return divergence ?? endsEarly(world, content) ?? end
}

/**
 * Returns the divergence if the next step of the token is not the step that the scenario would take; else undefined.
 */
function compare(world: World, content: TokenContent, enabled: number): Divergence | undefined {
  const position = world.trace.length
  const index = content.schedule[position]
  if (index === undefined) return diverged(position, 'the token ends here, but the scenario goes on')
  const actor = world.actors[index]
  if (actor === undefined) return diverged(position, `the scenario has no actor number ${index + 1}`)
  const access = actor.waiting?.access ?? actor.pending
  // The explorer may detect a spin loop in other steps than when the token was made; the token decides who goes on.
  if (actor.spin !== undefined) world.unhold(actor)
  else if ((enabled & (1 << index)) === 0) {
    const how = actor.status === Status.FINISHED ? 'has ended' : 'cannot go on'
    return diverged(position, `${actor.name} ${how}, but the token has it take this step`, access)
  }
  // The code does not ask for the end of a timed wait, so there is nothing to compare.
  if (access === undefined || actor.status === Status.WAITING) return undefined
  if (fingerprint(access) === content.prints[position]) return undefined
  return diverged(position, `${actor.name} comes to ${describeAccess(access)}, which is not what the token has`, access)
}

/** Returns the divergence if the scenario ended before the token's schedule did; else undefined. */
function endsEarly(world: World, { schedule }: TokenContent): Divergence | undefined {
  if (world.trace.length >= schedule.length) return undefined
  return diverged(world.trace.length, `the scenario ends here, but the token has ${schedule.length} steps`)
}

function diverged(position: number, what: string, access?: Access): Divergence {
  const [frame] = framesOf(access?.madeAt?.stack ?? '')
  const where = frame === undefined ? '' : ` at ${formatFrame(frame)}`
  return { step: position + 1, message: `diverged at step ${position + 1}${where}: ${what}` }
}
