import { describe } from 'vitest'

import { everySchedule, everyScheduleWithin } from './session-schedules.ts'

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
      // The creation drops the row itself, or the clean-up drops it before or while the creation looks for the id.
      ['a, 0,  ×0 v1', 'a, 1,  ×0 v1', 'exists, 1, none', 'full, 1, none'],
    ],
  ])
  everyScheduleWithin(2, [['expired', ['create', 'create'], ['a, exists,  ×0 v1', 'exists, a,  ×0 v1']]])
})

/** By the clock of one agent the session still lives, by the clock of the other it does not. The first agent decides for both. */
describe('a session that expires while it is touched', () => {
  everySchedule([
    ['expiring', ['touch', 'later clean up'], ['done, 0, k0 ×0 v1 for a while', 'none, 1, none']],
    ['expiring', ['touch', 'later get'], ['none, none, none', 'done, k0 ×0 v1 for a while, k0 ×0 v1 for a while']],
    ['expiring', ['touch', 'later list'], ['none, nobody, none', 'done, a, k0 ×0 v1 for a while']],
    ['expiring', ['touch', 'later stats'], ['none, 0+1+0, none', 'done, 1+0+0, k0 ×0 v1 for a while']],
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
    ['expiring', ['get twice, increment', 'later stats'], ['none, 0+1+0, none']],
  ])
  everyScheduleWithin(1, [['expiring', ['get twice, increment', 'later create'], ['none, a,  ×0 v1', '1, a,  ×1 v2']]])
})
