/** What a search that did not end has proved, in words. */
import { expect, test } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import { boundedVerdict, standingLine } from '../../../src/explore/report/standing.ts'
import type { Exploration } from '../../../src/explore/search/result.ts'
import { nth, over } from '../counters.ts'
import { reportOf } from './recorded.ts'

const scenario = over(nth(2, (words) => Atomics.add(words, 0, 1)))
const unended: Exploration = { ...explore(scenario, { maxSchedules: 1 }), schedules: 1000, elapsedMs: 1000 }

test.each([
  [
    { preemptions: 1 },
    2000,
    8_449,
    'At most 1 preemption: complete, 2,000 schedules. All: about 8,400 schedules, which would take about 8 seconds.',
  ],
  [
    { preemptions: 0 },
    1,
    60_000,
    'At most 0 preemptions: complete, 1 schedule. All: about 60,000 schedules, which would take about 1 minute.',
  ],
  [
    { preemptions: 3 },
    17_706,
    5.5e8,
    'At most 3 preemptions: complete, 17,706 schedules. All: about 5.5 × 10⁸ schedules, which would take about 6 days.',
  ],
  [{ preemptions: 3 }, 17_706, null, 'At most 3 preemptions: complete, 17,706 schedules.'],
  [null, 0, 1e6, 'All: about 1.0 × 10⁶ schedules, which would take about 20 minutes.'],
  [null, 0, 7_200_000, 'All: about 7.2 × 10⁶ schedules, which would take about 2 hours.'],
  [null, 0, 1.2e21, 'All: about 1.2 × 10²¹ schedules, which would take about 4.0 × 10¹⁰ years.'],
  [null, 0, 10, 'All: about 10 schedules, which would take about 1 second.'],
  [null, 0, null, undefined],
])('of %j, %i and %d it says so', (completeUpTo, schedulesUpTo, estimate, line) => {
  expect(standingLine({ ...unended, completeUpTo, schedulesUpTo, estimate })).toBe(line)
})

test('it is said in the title and below it', () => {
  const report = reportOf(scenario, { ...unended, completeUpTo: { preemptions: 3 }, schedulesUpTo: 9, estimate: null })
  expect(report).toMatch(
    /^test: no failure with at most 3 preemptions\n.*\nAt most 3 preemptions: complete, 9 schedules\.\n/,
  )
  expect(reportOf(scenario, unended)).toMatch(/^test: inconclusive\n.*\n\n/)
})

test('of a search that has ended, or that has found a failure, nothing is said', () => {
  for (const verdict of ['pass', 'fail', 'error'] as const) {
    const ended = { ...unended, verdict, completeUpTo: { preemptions: 3 }, schedulesUpTo: 9, estimate: 12 }
    expect([boundedVerdict(ended), standingLine(ended)]).toEqual([undefined, undefined])
  }
})
