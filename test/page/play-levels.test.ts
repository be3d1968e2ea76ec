/** The levels of the section "play": each fails with as few preemptions as it says, each fix holds, and the lanes show what runs. */
import { describe, expect, test } from 'vitest'
import { moduleOf } from '../../page/engine/user-code.ts'
import { functionsOf } from '../../page/play/lanes.ts'
import { STAGES } from '../../page/play/stages.ts'
import { withGlobalsReplaced } from '../../src/explore/globals/install.ts'
import { explore } from '../../src/explore/index.ts'
import { outlookOf, stepThrough } from '../../src/explore/replay/stepping.ts'
import { decodeToken } from '../../src/explore/replay/token.ts'
import { exportedScenario } from '../../src/explore/scenario-export.ts'
import type { Scenario } from '../../src/scenario.ts'

const scenarioOf = (code: string): Scenario =>
  exportedScenario(
    withGlobalsReplaced(() => moduleOf(code)),
    'default',
  ) as Scenario

const broken = STAGES.filter(({ best }) => best !== undefined)
const fixes = STAGES.filter(({ best }) => best === undefined)

test('there are at least 12 levels, and each has a fix and a name of its own', () => {
  expect(broken.length).toBeGreaterThanOrEqual(12)
  expect(fixes).toHaveLength(broken.length)
  expect(new Set(STAGES.map(({ id }) => id)).size).toBe(STAGES.length)
})

test.each(STAGES)('$id is short, and names each word that it uses', ({ code }) => {
  expect(code.trimEnd().split('\n').length).toBeLessThanOrEqual(30)
  const scenario = scenarioOf(code)
  const names = Object.keys(scenario.names!(scenario.memory()))
  const { recording } = stepThrough(scenario, wholeRun(scenario))
  for (const { location } of recording.steps) expect(names).toContain(location)
})

describe('a level', () => {
  test.each(broken)('$id fails with $best preemptions at best', ({ code, best }) => {
    const { verdict, failures } = explore(scenarioOf(code))
    expect(verdict).toBe('fail')
    expect(failures[0]).toMatchObject({ preemptions: best, minimal: true })
  })

  test.each(broken)('$id can hold, so that it is not lost at the start', ({ code }) => {
    const { holding, failing } = outlookOf(scenarioOf(code), [])
    expect(Math.min(holding, failing)).toBeGreaterThan(0)
  })

  test.each(broken)('$id shows in its lanes each line that its failure comes to', ({ code }) => {
    const scenario = scenarioOf(code)
    const [failure] = explore(scenario).failures
    const { recording } = stepThrough(scenario, decodeToken(failure?.token ?? '').schedule)
    const shown = recording.actors.map((actor) => functionsOf(code, actor).flatMap(({ lines }) => lines))
    for (const { actor, frames } of recording.steps) {
      const line = shown.at(actor)?.find(({ number }) => number === frames.at(0)?.line)
      expect(line?.text).toContain('Atomics.')
    }
  })
})

test.each(fixes)('$id holds in all schedules', ({ code }) => {
  expect(explore(scenarioOf(code))).toMatchObject({ verdict: 'pass', complete: true })
})

/** Returns the schedule in which the actors run one after the other. */
function wholeRun(scenario: Scenario): readonly number[] {
  const schedule: number[] = []
  for (let stepped = stepThrough(scenario, []); stepped.end === null; stepped = stepThrough(scenario, schedule))
    schedule.push(stepped.next.findIndex((next) => next?.isEnabled === true))
  return schedule
}
