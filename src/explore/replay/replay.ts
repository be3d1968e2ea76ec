/**
 * Runs the schedule of a token again, step by step, and says where it no longer fits.
 */
import type { Scenario } from '../../scenario.ts'
import type { Access } from '../model/access.ts'
import { Status } from '../model/actor.ts'
import { describeAccess } from '../model/describe.ts'
import type { End } from '../run/engine.ts'
import { NOBODY } from '../model/nobody.ts'
import { boundsOf } from '../search/options.ts'
import { formatFrame, framesOf } from '../run/positions.ts'
import { plansOf } from './plan.ts'
import type { ActorPlan } from './plan.ts'
import { recordingOf } from './recording.ts'
import type { Recording } from './recording.ts'
import { Refusal } from '../model/refusal.ts'
import { ControlledScenario } from '../subject/controlled-scenario.ts'
import { decodeToken, fingerprint } from './token.ts'
import type { TokenContent } from './token.ts'
import type { World } from '../model/world.ts'

export type Replay =
  | { readonly kind: 'replayed'; readonly recording: Recording }
  | { readonly kind: 'diverged'; readonly divergence: Divergence }

/** Where the scenario went another way than when the token was made. */
export interface Divergence {
  /** Counted from 1. */
  readonly step: number
  readonly message: string
}

/**
 * Replays a token on the explorer: the same steps in the same order, so the same outcome each time.
 *
 * Throws TokenError for a token that is damaged, and Refusal for a scenario that cannot be explored. That the scenario has
 * changed since the token was made is data: a divergence with the step and the source line.
 */
export function replay(scenario: Scenario, token: string): Replay {
  const content = decodeToken(token)
  const options = { ...boundsOf({ seed: content.seed, maxSteps: Infinity, spinRounds: Infinity }), dataRaces: true }
  return ControlledScenario.control(scenario, options, (controlled) => replayed(controlled, content))
}

export type PlannedReplay =
  | {
      readonly kind: 'planned'
      readonly plans: ActorPlan[]
      readonly memory: unknown
      readonly buffers: SharedArrayBuffer[]
    }
  | { readonly kind: 'diverged'; readonly divergence: Divergence }

/** What threads need to go through a token's schedule, and the memory as it is before the first step. */
export function planToken(scenario: Scenario, token: string): PlannedReplay {
  const content = decodeToken(token)
  const options = { ...boundsOf({ seed: content.seed, maxSteps: Infinity, spinRounds: Infinity }), dataRaces: true }
  return ControlledScenario.control(scenario, options, (controlled) => {
    const run = follow(controlled, content)
    if (typeof run !== 'string') return { kind: 'diverged', divergence: run }
    const { engine } = controlled
    if (controlled.usesOtherMemory) {
      throw new Refusal(
        'The actors use shared memory that memory() did not return. Each thread loads the module anew, and would have ' +
          'one of its own: return it from memory(), and use it through what the actors are given.',
      )
    }
    const plans = plansOf(engine.world)
    engine.undoTo(0)
    return {
      kind: 'planned',
      plans,
      memory: controlled.rawMemory(),
      buffers: engine.regions.shared.map(({ buffer }) => buffer),
    }
  })
}

function replayed(controlled: ControlledScenario, content: TokenContent): Replay {
  const { engine } = controlled
  const end = follow(controlled, content)
  if (typeof end !== 'string') return { kind: 'diverged', divergence: end }
  const judgement = controlled.judge(end, 0)
  return {
    kind: 'replayed',
    recording: recordingOf(engine.world, controlled.names, judgement, controlled.racesFrom(0)),
  }
}

/** Takes the token's schedule, with positions noted, and says how it ended or where it did not fit. */
function follow({ engine }: ControlledScenario, content: TokenContent): End | Divergence {
  const { world } = engine
  engine.reset()
  engine.positions = true
  engine.follow(content.schedule.length)
  engine.start()
  let divergence: Divergence | undefined
  const end = engine.run((enabled) => {
    divergence = compare(world, content, enabled)
    return divergence === undefined ? (content.schedule[world.trace.length] ?? NOBODY) : NOBODY
  })
  return divergence ?? endsEarly(world, content) ?? end
}

/** Whether the step that the token has next is the one that would be taken. */
function compare(world: World, content: TokenContent, enabled: number): Divergence | undefined {
  const position = world.trace.length
  const index = content.schedule[position]
  if (index === undefined) return diverged(position, 'the token ends here, and the scenario goes on')
  const actor = world.actors[index]
  if (actor === undefined) return diverged(position, `the scenario has no actor number ${index + 1}`)
  const access = actor.waiting?.access ?? actor.pending
  // Another order of looking may hold an actor sooner than when the token was made.
  if (actor.spin !== undefined) world.unhold(actor)
  else if ((enabled & (1 << index)) === 0) {
    const how = actor.status === Status.FINISHED ? 'has ended' : 'cannot go on'
    return diverged(position, `${actor.name} ${how}, but the token has it take this step`, access)
  }
  // The end of a timed wait is no access that the code asks for.
  if (access === undefined || actor.status === Status.WAITING) return undefined
  if (fingerprint(access) === content.prints[position]) return undefined
  return diverged(position, `${actor.name} comes to ${describeAccess(access)}, which is not what the token has`, access)
}

function endsEarly(world: World, { schedule }: TokenContent): Divergence | undefined {
  if (world.trace.length >= schedule.length) return undefined
  return diverged(world.trace.length, `the scenario ends here, and the token has ${schedule.length} steps`)
}

function diverged(position: number, what: string, access?: Access): Divergence {
  const [frame] = framesOf(access?.madeAt?.stack ?? '')
  const where = frame === undefined ? '' : ` at ${formatFrame(frame)}`
  return { step: position + 1, message: `diverged at step ${position + 1}${where}: ${what}` }
}
