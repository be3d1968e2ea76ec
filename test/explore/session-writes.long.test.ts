import { describe } from 'vitest'

import { everySchedule, everyScheduleWithin } from './session-schedules.ts'

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
    ['session', ['get k', 'set x'], ['0, done, kx ×1 v2', 'x, done, kx ×1 v2']],
    // The key moves, or stays with another value.
    ['session', ['get k', 'refresh'], ['0, applied, kr ×0 v2', 'r, applied, kr ×0 v2']],
    ['session', ['get k', 'change l'], ['0, true, k0lc ×0 v2']],
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

describe('writes by the fast path', () => {
  everySchedule([
    ['session', ['get twice, set x', 'set y'], ['done, done, kx ×2 v3', 'done, done, ky ×2 v3']],
    ['session', ['get twice, get many', 'set x'], ['k0 ×0 v1+none, done, kx ×1 v2', 'kx ×1 v2+none, done, kx ×1 v2']],
    ['session', ['get twice, increment', 'increment'], ['1, 2, k0 ×2 v3', '2, 1, k0 ×2 v3']],
    ['session', ['get twice, increment all', 'set x'], ['1+, done, kx ×2 v3', '2+, done, kx ×2 v3']],
    ['session', ['get twice, set all', 'increment'], ['true+false, 1, kx ×2 v3', 'true+false, 2, kx ×2 v3']],
  ])
})
