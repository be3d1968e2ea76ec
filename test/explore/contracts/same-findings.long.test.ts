import { expect, test } from 'vitest'

import { explored, findings, randomProgram } from './random-locks.ts'

test(
  '200 random programs with locks have the same findings whether their calls are one step or not',
  { timeout: 400_000 },
  () => {
    let compared = 0
    for (let seed = 1000; seed < 1200; seed++) {
      const { scenario, text } = randomProgram(seed, 2 + (seed % 2), 2)
      const inside = explored(scenario, true, 2)
      if (!inside.complete) continue
      compared++
      expect(findings(explored(scenario, false, 20)), text).toEqual(findings(inside))
    }
    expect(compared).toBeGreaterThan(100)
  },
)
