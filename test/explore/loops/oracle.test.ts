import fc from 'fast-check'
import { expect, test } from 'vitest'

import { randomNumbers } from '../../../src/explore/random-numbers.ts'
import { programs } from './generate.ts'
import { truthOf } from './oracle.ts'
import { steppable, walk } from './walk.ts'

test('what a walk through the JavaScript of a program comes to, the oracle knows', () => {
  let [possible, seen] = [0, 0]
  const property = fc.property(programs, fc.nat(), (program, seed) => {
    const truth = truthOf(program, 20_000)
    fc.pre(truth !== undefined)
    const actors = steppable(program)()
    const next = randomNumbers(seed)
    const ends = new Set<string>()
    for (let count = 0; count < 60; count++) {
      const end = walk(program, actors, (n) => Math.floor(next() * n))
      if (end === 'deadlock') expect(truth.deadlock).toBe(true)
      else if (end !== undefined) {
        expect([...truth.outcomes]).toContain(end)
        ends.add(end)
      }
    }
    possible += truth.outcomes.size
    seen += ends.size
  })
  fc.assert(property, { numRuns: 600, seed: 9 })
  // Most of what the oracle knows can be met by chance: it does not make outcomes up.
  expect(seen).toBeGreaterThan(possible / 2)
}, 60_000)
