import { describe, expect, test } from 'vitest'

import { type Exploration, type ExploreOptions, explore } from '../../src/explore/index.ts'
import type { Scenario } from '../../src/scenario.ts'
import { fresh } from '../store/stores.ts'
import { type ActName, ID, LONGER, OTHER, type StartName, together } from './session-pairs.ts'

/** Which results there can be, each as the operations answered, and then what is in the store. */
type Row = readonly [start: StartName, names: readonly ActName[], outcomes: readonly string[]]

/** Every schedule is explored. */
function everySchedule(rows: readonly Row[]): void {
  test.each(rows.map(caseOf))(
    '%s: every schedule ends well',
    (_, scenario, outcomes) => {
      expect(explored(scenario, outcomes, {})).toMatchObject({ verdict: 'pass', complete: true })
    },
    120_000,
  )
}

/** Those are explored that take the turn at most so often from an operation that could have gone on: all would take too long. */
function everyScheduleWithin(preemptions: number, rows: readonly Row[]): void {
  const stopped = `no schedule with more than ${preemptions} preemptions was tried`
  test.each(rows.map(caseOf))(
    `%s: every schedule of at most ${preemptions} preemptions ends well`,
    (_, scenario, outcomes) => {
      expect(explored(scenario, outcomes, { preemptions })).toMatchObject({ verdict: 'inconclusive', stopped })
    },
    120_000,
  )
}

function caseOf([start, names, outcomes]: Row): [name: string, Scenario, outcomes: readonly string[]] {
  const scenario = together(start, ...names)
  return [scenario.name, scenario, outcomes]
}

function explored(scenario: Scenario, outcomes: readonly string[], options: ExploreOptions): Exploration {
  const exploration = explore(scenario, options)
  expect(exploration.failures).toEqual([])
  expect(Object.keys(exploration.outcomes).toSorted()).toEqual(outcomes.toSorted())
  return exploration
}

describe('writes of one session', () => {
  everySchedule([
    ['session', ['set x', 'set y'], ['done, done, kx ×2 v3', 'done, done, ky ×2 v3']],
    // Another key, and none is lost.
    ['session', ['set x', 'set another'], ['done, done, kxlz ×2 v3']],
    // Keys stand in the order in which they came.
    ['session', ['change l', 'change m'], ['true, true, k0lcmc ×0 v3', 'true, true, k0mclc ×0 v3']],
    ['session', ['change l', 'set x'], ['true, done, kxlc ×1 v3']],
    ['session', ['change l', 'delete'], ['true, true, none', 'none, true, none']],
    ['session', ['increment', 'increment'], ['1, 2, k0 ×2 v3', '2, 1, k0 ×2 v3']],
    ['session', ['increment', 'set x'], ['1, done, kx ×2 v3', '2, done, kx ×2 v3']],
    ['session', ['increment', 'delete'], ['1, true, none', 'none, true, none']],
    ['session', ['set x', 'delete'], ['done, true, none', 'none, true, none']],
    // A touch writes the session whole, and yet undoes nothing.
    ['session', ['touch', 'set x'], ['done, done, kx ×1 v2 for a while']],
    ['session', ['touch', 'delete'], ['done, true, none', 'none, true, none']],
    // Set after the refresh; or before its row was taken, which is then no newer.
    ['session', ['refresh', 'set x'], ['applied, done, kx ×1 v3', 'discarded, done, kx ×1 v2']],
    // Both count from what they found, the row's number of accesses or the session's.
    ['session', ['refresh', 'increment'], ['applied, 1, kr ×1 v3', 'discarded, 1, k0 ×1 v2']],
    ['session', ['get', 'set x'], ['k0 ×0 v1, done, kx ×1 v2', 'kx ×1 v2, done, kx ×1 v2']],
    ['session', ['get', 'refresh'], ['k0 ×0 v1, applied, kr ×0 v2', 'kr ×0 v2, applied, kr ×0 v2']],
  ])
  everyScheduleWithin(1, [
    ['session', ['refresh', 'refresh'], ['applied, discarded, kr ×0 v2', 'discarded, applied, kr ×0 v2']],
    [
      'session',
      ['increment', 'set x', 'touch'],
      ['1, done, done, kx ×2 v3 for a while', '2, done, done, kx ×2 v3 for a while'],
    ],
    [
      'session',
      ['refresh', 'set x', 'delete'],
      [
        'applied, done, true, none',
        'applied, none, true, none',
        'discarded, done, true, none',
        'none, done, true, none',
        'none, none, true, none',
      ],
    ],
  ])
})

describe('the beginning and the end of a session', () => {
  everySchedule([
    ['empty', ['create', 'create'], ['a, exists,  ×0 v1', 'exists, a,  ×0 v1']],
    [
      'empty',
      ['create', 'delete', 'get'],
      ['a, false,  ×0 v1,  ×0 v1', 'a, false, none,  ×0 v1', 'a, true,  ×0 v1, none', 'a, true, none, none'],
    ],
    ['session', ['delete', 'delete'], ['false, true, none', 'true, false, none']],
    ['session', ['delete', 'clean up'], ['true, 0, none', 'true, 1, none']],
    ['deleted', ['clean up', 'clean up'], ['0, 1, none', '1, 0, none']],
    // The place is free before the count of places says so.
    ['deleted', ['clean up', 'create'], ['1, a,  ×0 v1', '1, exists, none', '1, full, none']],
    [
      'session',
      ['delete', 'clean up', 'create'],
      ['true, 1, a,  ×0 v1', 'true, 1, full, none', 'true, 1, exists, none', 'true, 0, exists, none'],
    ],
    [
      'deleted',
      ['clean up', 'clean up', 'create'],
      [
        '1, 0, a,  ×0 v1',
        '1, 0, full, none',
        '1, 0, exists, none',
        '0, 1, a,  ×0 v1',
        '0, 1, full, none',
        '0, 1, exists, none',
      ],
    ],
    ['dead letter', ['take dead letters', 'take dead letters'], ['a, nobody, none', 'nobody, a, none']],
    ['dead letter', ['take dead letters', 'clean up'], ['a, 0, none']],
    ['dead letter', ['take dead letters', 'create'], ['a, a,  ×0 v1', 'a, exists, none', 'a, full, none']],
  ])
  everyScheduleWithin(2, [
    ['empty', ['create with a row', 'create with a row'], ['a, exists,  ×0 v1', 'exists, a,  ×0 v1']],
  ])
})

describe('counts and lists: one session is under one state, whatever happens to it', () => {
  everySchedule([
    // It is counted also between the two words that say when it expires.
    ['session', ['touch', 'count active'], ['done, 1, k0 ×0 v1 for a while']],
    ['session', ['touch', 'stats'], ['done, 1+0+0, k0 ×0 v1 for a while']],
    ['session', ['touch', 'list'], ['done, a, k0 ×0 v1 for a while']],
    ['session', ['stats', 'delete'], ['1+0+0, true, none', '0+1+0, true, none']],
    ['session', ['count queue', 'delete'], ['0, true, none', '1, true, none']],
    ['session', ['list', 'delete'], ['a, true, none', 'nobody, true, none']],
    ['empty', ['stats', 'create'], ['0+0+0, a,  ×0 v1', '1+0+0, a,  ×0 v1']],
    ['deleted', ['stats', 'clean up'], ['0+1+0, 1, none', '0+0+0, 1, none']],
    // While somebody takes it, it is one that is cleaned up.
    ['dead letter', ['stats', 'take dead letters'], ['0+0+1, a, none', '0+1+0, a, none', '0+0+0, a, none']],
    [
      'session',
      ['delete', 'list', 'stats'],
      ['true, a, 1+0+0, none', 'true, a, 0+1+0, none', 'true, nobody, 1+0+0, none', 'true, nobody, 0+1+0, none'],
    ],
    ['session', ['list', 'delete, clean up and create'], ['a, done, k0 ×0 v1', 'nobody, done, k0 ×0 v1']],
    [
      'session',
      ['list', 'delete, clean up and create a longer one'],
      ['a, done, none, newer ko ×0 v1', 'nobody, done, none, newer ko ×0 v1', 'newer, done, none, newer ko ×0 v1'],
    ],
    [
      'session',
      ['stats', 'delete, clean up and create'],
      ['1+0+0, done, k0 ×0 v1', '0+1+0, done, k0 ×0 v1', '0+0+0, done, k0 ×0 v1'],
    ],
  ])
})

describe('a session that has expired is not there, and is cleaned up once', () => {
  everySchedule([
    ['expired', ['get', 'clean up'], ['none, 1, none']],
    ['expired', ['touch', 'clean up'], ['none, 1, none']],
    ['expired', ['list', 'clean up'], ['nobody, 1, none']],
    ['expired', ['stats', 'clean up'], ['0+1+0, 1, none', '0+0+0, 1, none']],
    ['expired', ['clean up', 'clean up'], ['0, 1, none', '1, 0, none']],
    ['expired', ['create', 'get'], ['a, none,  ×0 v1', 'a,  ×0 v1,  ×0 v1']],
    // What is touched is the new one.
    ['expired', ['create', 'touch'], ['a, none,  ×0 v1', 'a, done,  ×0 v1 for a while']],
    [
      'expired',
      ['create', 'clean up'],
      // The creation drops the row itself; or the clean-up does, before or while somebody asks for the id.
      ['a, 0,  ×0 v1', 'a, 1,  ×0 v1', 'exists, 1, none', 'full, 1, none'],
    ],
  ])
  everyScheduleWithin(2, [['expired', ['create', 'create'], ['a, exists,  ×0 v1', 'exists, a,  ×0 v1']]])
})

/** By the clock of one it still lives, by the clock of the other it does not: whoever is first decides for both. */
describe('a session that expires while it is touched', () => {
  everySchedule([
    ['expiring', ['touch', 'later clean up'], ['done, 0, k0 ×0 v1 for a while', 'none, 1, none']],
    [
      'expiring',
      ['touch', 'later get'],
      ['done, none, k0 ×0 v1 for a while', 'done, k0 ×0 v1 for a while, k0 ×0 v1 for a while'],
    ],
    ['expiring', ['touch', 'later list'], ['done, nobody, k0 ×0 v1 for a while', 'done, a, k0 ×0 v1 for a while']],
    ['expiring', ['touch', 'later stats'], ['done, 0+1+0, k0 ×0 v1 for a while', 'done, 1+0+0, k0 ×0 v1 for a while']],
    [
      'expiring',
      ['touch', 'later create'],
      ['done, exists, k0 ×0 v1 for a while', 'done, a,  ×0 v1 for a while', 'none, a,  ×0 v1'],
    ],
  ])
})

/** Two looks at it put it into its agent's near cache; at the third it has expired. */
describe('a session that expires while its agent remembers it', () => {
  everySchedule([
    ['expiring', ['get twice, increment', 'later clean up'], ['none, 1, none']],
    ['expiring', ['get twice, increment', 'later stats'], ['none, 0+1+0, k0 ×0 v1 for a while']],
  ])
  everyScheduleWithin(1, [['expiring', ['get twice, increment', 'later create'], ['none, a,  ×0 v1', '1, a,  ×1 v2']]])
})

/** One session's words are never another's. */
describe('a slot that changes hands under somebody who looks at it, or has looked', () => {
  everySchedule([
    ['session', ['get', 'delete, clean up and create'], ['k0 ×0 v1, done, k0 ×0 v1', 'none, done, k0 ×0 v1']],
    [
      'session',
      ['get', 'delete, clean up and create a longer one'],
      ['k0 ×0 v1, done, none, newer ko ×0 v1', 'none, done, none, newer ko ×0 v1'],
    ],
    [
      'session',
      ['set x', 'delete, clean up and create'],
      ['done, done, k0 ×0 v1', 'done, done, kx ×1 v2', 'none, done, k0 ×0 v1'],
    ],
    [
      'session',
      ['refresh', 'delete, clean up and create'],
      // The row of the first session never gets into the second: the fresh one has k0 whatever came of the refresh.
      ['applied, done, k0 ×0 v1', 'discarded, done, k0 ×0 v1', 'none, done, k0 ×0 v1', 'no-row, done, k0 ×0 v1'],
    ],
  ])
  everyScheduleWithin(1, [
    [
      'session',
      ['set x', 'get', 'delete, clean up and create'],
      // The old session, written or not; the new one, written or not; or none.
      [
        'done, k0 ×0 v1, done, k0 ×0 v1',
        'done, k0 ×0 v1, done, kx ×1 v2',
        'none, k0 ×0 v1, done, k0 ×0 v1',
        'done, kx ×1 v2, done, k0 ×0 v1',
        'done, kx ×1 v2, done, kx ×1 v2',
        'done, none, done, k0 ×0 v1',
        'done, none, done, kx ×1 v2',
        'none, none, done, k0 ×0 v1',
      ],
    ],
  ])
})

test('the ids that are to have one slot do have it', () => {
  const slots = [ID, OTHER, LONGER].map((id) => {
    const { store, sessions } = fresh({ capacity: 1 })
    sessions.createSession('', '', { id })
    return store.slotOf(id)
  })
  expect(new Set(slots).size).toBe(1)
})

describe('a slot that changes hands under somebody whose near cache knows it', () => {
  everySchedule([
    [
      'session',
      ['get thrice', 'delete, clean up and create another'],
      ['k0 ×0 v1, done, none, c ko ×0 v1', 'none, done, none, c ko ×0 v1'],
    ],
    [
      'session',
      ['get twice, set x', 'delete, clean up and create another'],
      ['done, done, none, c ko ×0 v1', 'none, done, none, c ko ×0 v1'],
    ],
    [
      'session',
      ['get twice, increment', 'delete, clean up and create another'],
      ['1, done, none, c ko ×0 v1', 'none, done, none, c ko ×0 v1'],
    ],
    [
      'session',
      ['get twice, touch', 'delete, clean up and create another'],
      ['done, done, none, c ko ×0 v1', 'none, done, none, c ko ×0 v1'],
    ],
    [
      'session',
      ['get twice, delete', 'delete, clean up and create another'],
      ['true, done, none, c ko ×0 v1', 'false, done, none, c ko ×0 v1'],
    ],
    [
      'session',
      ['get twice, delete', 'delete, clean up and create'],
      // In the end it is the second one that is deleted, or the first.
      ['true, done, none', 'true, done, k0 ×0 v1', 'false, done, k0 ×0 v1'],
    ],
    [
      'session',
      ['get twice, increment all', 'delete, clean up and create another'],
      // A batch is no step of its own: between its first session and its second much can happen.
      [
        '1+, done, none, c ko ×0 v1',
        '1+1, done, none, c ko ×1 v2',
        '+, done, none, c ko ×0 v1',
        '+1, done, none, c ko ×1 v2',
      ],
    ],
    [
      'session',
      ['get twice, set all', 'delete, clean up and create another'],
      [
        'true+false, done, none, c ko ×0 v1',
        'true+true, done, none, c kx ×1 v2',
        'false+false, done, none, c ko ×0 v1',
        'false+true, done, none, c kx ×1 v2',
      ],
    ],
  ])
})

describe('writes by the fast path', () => {
  everySchedule([
    ['session', ['get twice, set x', 'set y'], ['done, done, kx ×2 v3', 'done, done, ky ×2 v3']],
    ['session', ['get twice, increment', 'increment'], ['1, 2, k0 ×2 v3', '2, 1, k0 ×2 v3']],
    ['session', ['get twice, increment all', 'set x'], ['1+, done, kx ×2 v3', '2+, done, kx ×2 v3']],
    ['session', ['get twice, set all', 'increment'], ['true+false, 1, kx ×2 v3', 'true+false, 2, kx ×2 v3']],
  ])
})
