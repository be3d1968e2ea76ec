/**
 * `node --import tsx test/explore/loops/many.ts [programs] [seed] [seconds]`: many random programs with loops, and what
 * came of them. Programs that are explored wrongly are printed.
 */
import fc from 'fast-check'

import { explore } from '../../../src/explore/index.ts'
import { differences } from './compare.ts'
import { programs } from './generate.ts'
import { truthOf } from './oracle.ts'
import { scenarioOf } from './scenario.ts'
import { scriptText } from './text.ts'

const [count = 1000, seed = 1, timeout = 5] = process.argv.slice(2).map(Number)
const BATCH = 500
let [judged, complete, wrong, large, states] = [0, 0, 0, 0, 0]
let [oracleMs, exploreMs, slowest] = [0, 0, 0]
const kinds = new Map<string, number>()
for (let first = 0; first < count; first += BATCH) {
  for (const program of fc.sample(programs, { numRuns: Math.min(BATCH, count - first), seed: seed + first })) {
    const t = performance.now()
    const truth = truthOf(program, 50_000)
    oracleMs += performance.now() - t
    if (truth === undefined) {
      large++
      continue
    }
    judged++
    states += truth.states
    const result = explore(scenarioOf(program), { allFailures: true, dataRaces: false, timeout, maxSteps: 400 })
    exploreMs += result.elapsedMs
    if (result.elapsedMs > 1000)
      console.log(
        'SLOW',
        result.elapsedMs,
        result.verdict,
        result.complete,
        result.stopped,
        result.schedules,
        Object.keys(result.outcomes).length,
        result.failures,
        scriptText(program),
        program.memory,
      )
    slowest = Math.max(slowest, result.elapsedMs)
    if (result.complete) complete++
    const found = differences(result, truth)
    if (found.length > 0) {
      wrong++
      for (const f of found)
        kinds.set(f.split(' ').slice(0, 2).join(' '), (kinds.get(f.split(' ').slice(0, 2).join(' ')) ?? 0) + 1)
      if (wrong <= 5) console.log(scriptText(program), program.memory, found, result.complete)
    }
  }
}
console.log({ judged, large, complete, wrong, states, oracleMs, exploreMs, slowest, kinds })
