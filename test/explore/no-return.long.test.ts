/** The step of no return of each of the lab's bugs, against brute force. */
import { test } from 'vitest'

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
  },
  240_000,
)
