/**
 * `node --import tsx test/explore/loops/many.ts [programs] [seed] [seconds]` explores random programs with loops,
 * compares each result with the oracle, and prints the programs for which the explorer is wrong. `seconds` is the time
 * limit for each program.
 */
import fc from 'fast-check'

import { explore } from '../../../src/explore/index.ts'
import { carriedBy } from './carries.ts'
import { differences, OPTIONS } from './compare.ts'
import { programs } from './generate.ts'
import { truthOf } from './oracle.ts'
import { scenarioOf } from './scenario.ts'
import { Statistics } from './statistics.ts'
import { moduleText } from './text.ts'

const MOST_STATES = 100_000
const BATCH = 500
/** An exploration that exceeds its processor time by this much counts as a hang. */
const GRACE_MS = 2000
const [count = 1000, seed = 1, timeout = OPTIONS.timeout] = process.argv.slice(2).map(Number)
const statistics = new Statistics()

for (let first = 0; first < count; first += BATCH) {
  const numRuns = Math.min(BATCH, count - first)
  for (const program of fc.sample(programs, { numRuns, seed: seed * 1_000_003 + first })) {
    const truth = truthOf(program, MOST_STATES)
    if (truth === undefined) {
      statistics.leaveOut()
      continue
    }
    const before = process.cpuUsage()
    const result = explore(scenarioOf(program), { ...OPTIONS, timeout })
    const { user, system } = process.cpuUsage(before)
    const milliseconds = (user + system) / 1000
    const wrong = differences(result, truth)
    if (milliseconds > timeout * 1000 + GRACE_MS) wrong.push(`hung for ${milliseconds} ms`)
    statistics.note(carriedBy(program), result, wrong.length > 0)
    if (wrong.length > 0) console.log(`${moduleText(program)}memory ${program.memory.join()}\n${wrong.join('\n')}\n`)
  }
  console.error(statistics.line())
}
console.log(statistics.line())
