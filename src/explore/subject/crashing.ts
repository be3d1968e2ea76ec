/** A scenario of which one actor stops forever in the middle of its work, and which may recover from that. */
import { hasOperations } from '../../scenario.ts'
import type { OperationsScenario, Scenario } from '../../scenario.ts'
import { FIRST_THREAD } from '../../sync/agent.ts'
import type { CrashPoint } from '../run/crash.ts'
import { FIRST_AGENT } from '../run/runs.ts'

/** The name of the actor that recovers. It is the last one. */
export const RECOVERER = 'recover'

const POINT = /^c(\d+)\.(\d+)$/

/** A scenario with a point at which one of its actors stops. It must have the right shape. */
export class Crashing implements Scenario {
  readonly name: string
  readonly actors: Scenario['actors']
  readonly observe?: NonNullable<Scenario['observe']>
  readonly outcomes?: NonNullable<Scenario['outcomes']>
  readonly invariant?: NonNullable<Scenario['invariant']>
  readonly names?: NonNullable<Scenario['names']>
  readonly races?: NonNullable<Scenario['races']>
  readonly point: CrashPoint
  readonly #scenario: Scenario

  constructor(scenario: Scenario, point: CrashPoint) {
    const { name, actors, observe, outcomes, invariant, names, races } = scenario
    const actor = Object.keys(actors)[point.actor]!
    const crashed = { actor, threadId: point.actor + FIRST_AGENT - FIRST_THREAD }
    this.name = name
    this.actors = { ...actors, [RECOVERER]: (memory: unknown) => scenario.recover?.(memory, { ...crashed }) }
    if (observe !== undefined) this.observe = observe.bind(scenario)
    if (outcomes !== undefined) this.outcomes = outcomes
    if (invariant !== undefined) this.invariant = invariant.bind(scenario)
    if (names !== undefined) this.names = names.bind(scenario)
    if (races !== undefined) this.races = races
    this.point = point
    this.#scenario = scenario
  }

  memory(): unknown {
    return this.#scenario.memory()
  }
}

/** Whether an actor of a scenario may crash. */
export function hasCrashes(scenario: Scenario | OperationsScenario): boolean {
  return !hasOperations(scenario) && scenario.crashes !== undefined
}

/** Returns the indexes of the actors that may crash; empty if none may. */
export function mayCrash({ crashes, actors }: Scenario): number[] {
  const names = Object.keys(actors)
  if (crashes === undefined) return []
  return crashes === 1 ? names.map((_, index) => index) : crashes.map((name) => names.indexOf(name))
}

/** Returns a point as a short text for a token: `c0.7` is before the eighth access of the first actor. */
export function crashText({ actor, after }: CrashPoint): string {
  return `c${actor}.${after}`
}

/** Whether a text for a token is one of `crashText`, and not that of a client. */
export function isCrashText(text: string): boolean {
  return POINT.test(text)
}

/** Returns what `crashText` named; undefined if none of the scenario's actors may crash there. */
export function crashingFromText(scenario: Scenario, text: string): Crashing | undefined {
  const [, actor, after] = POINT.exec(text) ?? []
  if (!mayCrash(scenario).includes(Number(actor))) return undefined
  return new Crashing(scenario, { actor: Number(actor), after: Number(after) })
}
