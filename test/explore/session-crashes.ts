/** Operations of the session manager of which the thread of one is killed, and recovered. */
import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import type { Scenario } from '../../src/scenario.ts'
import { actAs } from '../../src/sync/agent.ts'
import { SessionManager } from '../../src/store/manager.ts'
import { togetherWith } from './session-pairs.ts'
import type { ActName, Memory, StartName } from './session-pairs.ts'

/** The agents of a run without the explorer. */
const FIRST = 100

/** Returns a scenario in which the thread of the first operation may be killed. */
export function killed(start: StartName, victim: ActName, ...others: readonly ActName[]): Scenario {
  const { actors, ...rest } = togetherWith({ agents: others.length + 2 }, start, victim, ...others)
  const scenario: Scenario = {
    ...rest,
    name: `${rest.name}, the first is killed`,
    actors,
    crashes: [Object.keys(actors)[0]!],
    recover: (memory, { threadId }) => void new SessionManager((memory as Memory).store).recover(threadId),
    observe: (memory, results) => rest.observe!(memory, { ...results, [Object.keys(actors)[0]!]: '✝' }),
  }
  const acceptable = Object.fromEntries(outcomesOf(scenario).map((outcome) => [outcome, 'acceptable'] as const))
  return { ...scenario, outcomes: acceptable }
}

/** Returns what comes of the operations if the first one is made at once, before or after all others, or not at all. */
function outcomesOf({ actors, observe, memory }: Scenario): string[] {
  const all = Object.entries(actors)
  const others = all.slice(1)
  const orders = [...permutations(all), ...permutations(others)]
  const outcomes = orders.map((order) => {
    const made = memory()
    const before = actAs(FIRST)
    try {
      const results = order.map(([name, act], index) => {
        actAs(FIRST + index)
        return [name, act(made)] as const
      })
      return String(observe!(made, Object.fromEntries(results)))
    } finally {
      actAs(before)
    }
  })
  return [...new Set(outcomes)]
}

function* permutations<Each>(items: readonly Each[]): Generator<Each[]> {
  if (items.length === 0) yield []
  for (const [index, first] of items.entries())
    for (const rest of permutations(items.toSpliced(index, 1))) yield [first, ...rest]
}

/** Adds a test for each row: a start, the operation whose thread is killed, and others. */
export function everyCrash(rows: readonly (readonly [StartName, ActName, ...ActName[]])[]): void {
  test.each(rows.map(caseOf))('%s', { timeout: 240_000 }, (_, scenario) => {
    const { verdict, complete, crashes, failures, error } = explore(scenario, { timeout: 200 })
    expect({ failures, error }).toEqual({ failures: [], error: undefined })
    expect({ verdict, complete }).toEqual({ verdict: 'pass', complete: true })
    expect(crashes).toBeGreaterThan(0)
  })
}

function caseOf(row: readonly [StartName, ActName, ...ActName[]]): [name: string, Scenario] {
  const scenario = killed(...row)
  return [scenario.name, scenario]
}
