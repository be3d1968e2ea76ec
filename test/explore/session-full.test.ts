import { describe } from 'vitest'

import { everySchedule } from './session-schedules.ts'

/** What a change has returned is not lost: the session has it, or is evicted as a whole after it. */
describe('a session that gives way to a new one while it is used', () => {
  everySchedule([
    [
      'session',
      ['increment', 'create another, evicting'],
      // While an agent is inside, the session is not evicted. If it is in each sample, the new session is refused.
      ['1, c, none, c ko ×0 v1', '1, full, k0 ×1 v2', 'none, c, none, c ko ×0 v1'],
    ],
    [
      'session',
      ['set x', 'create another, evicting'],
      ['done, c, none, c ko ×0 v1', 'done, full, kx ×1 v2', 'none, c, none, c ko ×0 v1'],
    ],
    ['session', ['get', 'create another, evicting'], ['k0 ×0 v1, c, none, c ko ×0 v1', 'none, c, none, c ko ×0 v1']],
    ['session', ['delete', 'create another, evicting'], ['false, c, none, c ko ×0 v1', 'true, c, none, c ko ×0 v1']],
    [
      'session',
      ['delete at once', 'create another, evicting'],
      // The place is free before the count of places says so.
      ['false, c, none, c ko ×0 v1', 'true, c, none, c ko ×0 v1', 'true, full, none'],
    ],
    // The clean-up may come to the evicted session first.
    ['session', ['clean up', 'create another, evicting'], ['0, c, none, c ko ×0 v1', '1, full, none']],
    ['session', ['delete at once', 'delete at once'], ['false, true, none', 'true, false, none']],
  ])
})
