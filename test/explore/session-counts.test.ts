import { describe } from 'vitest'

import { everySchedule } from './session-schedules.ts'

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
    // While an agent takes it, it counts as one that is cleaned up.
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
