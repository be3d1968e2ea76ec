/**
 * Brute force on the continuations of a schedule: every one, without any reduction, but each state once. Two beginnings lead to the
 * same state if each actor has got the same answers, the same steps have written memory last, and the same actors sleep.
 */
import { expect } from 'vitest'

import type { Exploration } from '../../src/explore/index.ts'
import { classesNamed } from '../../src/explore/contracts/covering.ts'
import { mayWrite } from '../../src/explore/model/access.ts'
import { NO_ACTOR } from '../../src/explore/model/no-actor.ts'
import type { Actor } from '../../src/explore/model/actor.ts'
import type { Engine } from '../../src/explore/run/engine.ts'
import { decodeToken } from '../../src/explore/replay/token.ts'
import { boundsOf } from '../../src/explore/search/options.ts'
import { ControlledScenario } from '../../src/explore/subject/controlled-scenario.ts'
import type { Scenario } from '../../src/scenario.ts'

/** Asserts that brute force has the step of no return that the first failure has: the end of a covered call, if it is in one. */
export function expectForceAgrees(scenario: Scenario, { failures, contracts = [] }: Exploration): void {
  const { token, inevitable } = failures[0]!
  const { schedule } = decodeToken(token)
  const { step, of, continuations } = inevitable!
  const before = unitsIn(scenario, contracts, schedule).findLast((position) => position < step)
  expect(of).toBe(schedule.length)
  ControlledScenario.use(scenario, { ...boundsOf({}), dataRaces: false }, (controlled) => {
    expect(continuationsByForce(controlled, schedule.slice(0, step)).holds).toBe(false)
    if (step > 0) expect(continuationsByForce(controlled, schedule.slice(0, before)).holds).toBe(true)
  })
  expect(continuations.holding > 0).toBe(step > 0)
  expect(continuations.failing).toBeGreaterThan(0)
}

/** Returns the positions in a schedule at which the actors may switch, with these contracts. */
function unitsIn(scenario: Scenario, contracts: readonly string[], schedule: readonly number[]): number[] {
  const covered = classesNamed(contracts, scenario)
  const control = { ...boundsOf({}), dataRaces: false, contracts: 'units' as const, covered }
  return ControlledScenario.use(scenario, control, ({ engine }) => {
    engine.run(() => schedule[engine.world.trace.length] ?? NO_ACTOR)
    return engine.world.units.map(({ position }) => position)
  })
}

/** Whether some continuation holds, and whether one fails. Data races do not count. */
function continuationsByForce(
  controlled: ControlledScenario,
  beginning: readonly number[],
): { holds: boolean; fails: boolean } {
  const { engine } = controlled
  const found = { holds: false, fails: false }
  const seen = new Set<string>()
  const open: (readonly number[])[] = [beginning]
  for (let steps = open.pop(); steps !== undefined && !(found.holds && found.fails); steps = open.pop()) {
    const { enabled, end } = take(engine, steps)
    const state = stateOf(engine)
    if (seen.has(state)) continue
    seen.add(state)
    if (enabled === 0) found[controlled.judge(end, []).faults.length > 0 ? 'fails' : 'holds'] = true
    for (const { index } of engine.world.actors) if ((enabled & (1 << index)) !== 0) open.push([...steps, index])
  }
  return found
}

/** Takes these steps from the beginning, and returns who can take the next one, and how the schedule ended if nobody can. */
function take(engine: Engine, steps: readonly number[]): { enabled: number; end: ReturnType<Engine['run']> } {
  let common = 0
  while (common < steps.length && engine.world.trace[common]?.actor.index === steps[common]) common++
  engine.undoTo(common)
  let next = 0
  const end = engine.run((enabled) => {
    next = engine.world.trace.length < steps.length ? 0 : enabled
    return steps[engine.world.trace.length] ?? NO_ACTOR
  })
  return { enabled: next, end }
}

function stateOf({ world }: Engine): string {
  const answers = world.actors.map((actor) => answersOf(actor))
  const sleepers = world.trace.filter((step) => step.actor.waiting === step).map(({ actor }) => actor.index)
  // Memory: which step has written each place last.
  const writers = new Map<number, string>()
  for (const { access, actor, logged, effect } of world.trace)
    if (effect && mayWrite(access.kind)) writers.set(access.at, `${access.at} ${actor.index} ${logged}`)
  return [...answers, sleepers.join(), [...writers.values()].toSorted().join()].join(';')
}

function answersOf({ log, ended }: Actor): string {
  return `${ended !== undefined} ${log.map(({ result }) => `${typeof result} ${String(result)}`).join()}`
}
