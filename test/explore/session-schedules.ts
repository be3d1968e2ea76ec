/**
 * Tests of the session manager over schedules. The rows are spread over several test files, so that vitest explores them
 * on all cores.
 */
import { expect, test } from 'vitest'

import type { Exploration, ExploreOptions } from '../../src/explore/index.ts'
import type { Scenario } from '../../src/scenario.ts'
import { together } from './session-pairs.ts'
import type { ActName, StartName } from './session-pairs.ts'
import { exploreShallow } from './shallow.ts'

/** The operations that meet, and each outcome that there can be: what the operations returned, then what is in the store. */
type Row = readonly [start: StartName, names: readonly ActName[], outcomes: readonly string[]]

/** For one row, in seconds: the largest takes a tenth of it on an idle core. */
const MOST_SECONDS = 200
const TEST_MS = 1.2 * MOST_SECONDS * 1000

/** Adds a test for each row: every schedule is explored, and the outcomes are exactly those of the row. */
export function everySchedule(rows: readonly Row[]): void {
  test.each(rows.map(caseOf))(
    '%s: every schedule ends well',
    async (_, scenario, outcomes) => {
      expect(await explored(scenario, outcomes, {})).toMatchObject({ verdict: 'pass', complete: true })
    },
    TEST_MS,
  )
}

/** Adds a test for each row, of the schedules with at most `preemptions` preemptions: all schedules would take too long. */
export function everyScheduleWithin(preemptions: number, rows: readonly Row[]): void {
  const stopped = `no schedule with more than ${preemptions === 1 ? '1 preemption' : `${preemptions} preemptions`} was tried`
  test.each(rows.map(caseOf))(
    `%s: every schedule of at most ${preemptions} preemptions ends well`,
    async (_, scenario, outcomes) => {
      expect(await explored(scenario, outcomes, { preemptions })).toMatchObject({ verdict: 'inconclusive', stopped })
    },
    TEST_MS,
  )
}

function caseOf([start, names, outcomes]: Row): [name: string, Scenario, outcomes: readonly string[]] {
  const scenario = together(start, ...names)
  return [scenario.name, scenario, outcomes]
}

async function explored(
  scenario: Scenario,
  outcomes: readonly string[],
  options: ExploreOptions,
): Promise<Exploration> {
  const exploration = await exploreShallow(scenario, { timeout: MOST_SECONDS, ...options })
  expect(exploration.failures).toEqual([])
  expect(Object.keys(exploration.outcomes).toSorted()).toEqual(outcomes.toSorted())
  return exploration
}
