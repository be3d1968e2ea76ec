/** The step of no return of each of the lab's bugs, against brute force. */
import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import { findThreadLesson } from '../../src/lab/lessons/index.ts'
import { expectForceAgrees } from './continuations.ts'

const bugs = [
  ['lost-update', 'buggy'],
  ['phantom-session', 'buggy'],
  ['stale-overwrite', 'buggy'],
  ['cleanup-leak', 'buggy'],
  ['auth-bypass', 'buggy'],
  ['rate-limit-bypass', 'buggy'],
  ['session-fixation', 'buggy'],
] as const

test.each(bugs)(
  'of %s, %s, brute force has the same step of no return',
  (bug, variant) => {
    const scenario = findThreadLesson(bug).scenario!(variant)
    expectForceAgrees(scenario, explore(scenario))
    expectForceAgrees(scenario, explore(scenario, { inside: true }))
  },
  240_000,
)

// Counted in another way too: all continuations of each beginning of the schedule in turn, the longest first.
test('the continuations before the step of no return are counted', () => {
  const scenario = findThreadLesson('lost-update').scenario!('buggy')
  const [failure] = explore(scenario, { inside: true }).failures
  expect(failure!.inevitable).toEqual({ step: 53, of: 170, continuations: { holding: 40, failing: 593 } })
})
