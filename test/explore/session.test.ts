import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import { together } from './session-pairs.ts'

/** Which results there can be, each as the operations answered, and then what is in the store. */
test.each([
  [together('session', 'set x', 'set y'), ['done, done, kx ×2 v3', 'done, done, ky ×2 v3']],
  // Another key, and none is lost.
  [together('session', 'set x', 'set another'), ['done, done, kxlz ×2 v3']],
  [together('session', 'set x', 'delete'), ['done, true, none', 'none, true, none']],
  [
    together('session', 'refresh', 'set x'),
    // Set after the refresh; while the row was fetched, which is then old; or before, when the row is what counts.
    ['applied, done, kx ×1 v3', 'discarded, done, kx ×1 v2', 'applied, done, kr ×0 v3'],
  ],
  [together('session', 'get', 'set x'), ['k0 ×0 v1, done, kx ×1 v2', 'kx ×1 v2, done, kx ×1 v2']],
  [together('session', 'get', 'refresh'), ['k0 ×0 v1, applied, kr ×0 v2', 'kr ×0 v2, applied, kr ×0 v2']],
  // It is counted also between the two words that say when it expires.
  [together('session', 'touch', 'count'), ['done, 1, k0 ×0 v1']],
  [together('empty', 'create', 'create'), ['a, exists,  ×0 v1', 'exists, a,  ×0 v1']],
  [
    together('empty', 'create', 'delete', 'get'),
    ['a, false,  ×0 v1,  ×0 v1', 'a, false, none,  ×0 v1', 'a, true,  ×0 v1, none', 'a, true, none, none'],
  ],
  [together('session', 'delete', 'delete'), ['false, true, none', 'true, false, none']],
  [together('session', 'delete', 'clean up'), ['true, 0, none', 'true, 1, none']],
  [together('deleted', 'clean up', 'clean up'), ['0, 1, none', '1, 0, none']],
  // The place is free before the count of places says so.
  [together('deleted', 'clean up', 'create'), ['1, a,  ×0 v1', '1, exists, none', '1, full, none']],
  // A slot that changes hands under somebody who looks at it, or has looked: one session's words are never another's.
  [together('session', 'get', 'delete, clean up and create'), ['k0 ×0 v1, done, k0 ×0 v1', 'none, done, k0 ×0 v1']],
  [
    together('session', 'set x', 'delete, clean up and create'),
    ['done, done, k0 ×0 v1', 'done, done, kx ×1 v2', 'none, done, k0 ×0 v1'],
  ],
  [
    together('session', 'refresh', 'delete, clean up and create'),
    // The row of the first session never gets into the second: the fresh one has k0 whatever came of the refresh.
    ['applied, done, k0 ×0 v1', 'discarded, done, k0 ×0 v1', 'none, done, k0 ×0 v1', 'no-row, done, k0 ×0 v1'],
  ],
])(
  '$name: every schedule ends well',
  (scenario, outcomes) => {
    const exploration = explore(scenario)
    expect(exploration).toMatchObject({ verdict: 'pass', complete: true, failures: [] })
    expect(Object.keys(exploration.outcomes).toSorted()).toEqual(outcomes.toSorted())
  },
  120_000,
)

test('two creations with their rows: no schedule of at most two preemptions fails', () => {
  const exploration = explore(together('empty', 'create with a row', 'create with a row'), { preemptions: 2 })
  expect(exploration).toMatchObject({
    failures: [],
    stopped: 'no schedule with more than 2 preemptions was tried',
    outcomes: { 'a, exists,  ×0 v1': {}, 'exists, a,  ×0 v1': {} },
  })
})

test('a session that is touched is listed: no schedule of at most two preemptions fails', () => {
  const exploration = explore(together('session', 'touch', 'list'), { preemptions: 2 })
  expect(exploration).toMatchObject({ failures: [] })
  expect(Object.keys(exploration.outcomes)).toEqual(['done, a, k0 ×0 v1'])
})
