import { expect, test } from 'vitest'

import { coveringOf } from '../../../src/explore/contracts/covering.ts'
import { stepsOf } from '../../../src/explore/model/units.ts'
import type { World } from '../../../src/explore/model/world.ts'
import { PreemptionBounded } from '../../../src/explore/strategies/bounded.ts'
import { DepthFirst } from '../../../src/explore/strategies/dfs.ts'
import type { Strategy } from '../../../src/explore/strategies/strategy.ts'
import { ControlledScenario } from '../../../src/explore/subject/controlled-scenario.ts'
import type { Scenario } from '../../../src/scenario.ts'
import { randomProgram } from './random-locks.ts'

/** The most schedules of a program that are compared. */
const MOST = 2000

/** Returns how the schedules of a strategy end, each way once; undefined if there are too many. */
function endings(scenario: Scenario, make: (world: World) => Strategy): string[] | undefined {
  const covered = coveringOf(scenario, undefined, () => false).classes
  const options = { maxSteps: 1000, seed: 1, spinRounds: 3, dataRaces: false, contracts: 'units' as const, covered }
  return ControlledScenario.use(scenario, options, (controlled) => {
    const { engine } = controlled
    for (;;) {
      const all = new Set<string>()
      const strategy = make(engine.world)
      let schedules = 0
      let depth = strategy.next()
      for (; depth !== undefined && !engine.world.misjudged && schedules < MOST; depth = strategy.next()) {
        engine.undoToUnit(depth)
        const end = engine.run((enabled) => strategy.choose(enabled))
        if (engine.world.units.some((unit) => stepsOf(unit).some(({ actor }) => actor !== unit.actor)))
          throw new Error('A unit has steps of two actors.')
        if (end === 'pruned') continue
        schedules++
        const { outcome, faults } = controlled.judge(end, [])
        all.add(JSON.stringify([outcome?.key, ...faults.map(({ identity }) => identity)]))
      }
      if (!engine.world.misjudged) return depth === undefined ? [...all].toSorted() : undefined
      engine.startOver()
    }
  })
}

test('within a bound, random programs with locks end as under brute force', () => {
  let compared = 0
  for (let seed = 1; seed <= 12; seed++) {
    const { scenario, text } = randomProgram(seed, 2 + (seed % 2), 2)
    for (const bound of [0, 1, 2]) {
      const all = endings(scenario, (world) => new DepthFirst(world, bound))
      if (all === undefined) continue
      compared++
      expect(
        endings(scenario, (world) => new PreemptionBounded(world, bound)),
        `${text}, ${bound}`,
      ).toEqual(all)
    }
  }
  expect(compared).toBeGreaterThan(20)
})
