import { describe } from 'vitest'

import { everySchedule } from './session-schedules.ts'

describe('a slot that gets another session while an agent has it in its near cache', () => {
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
