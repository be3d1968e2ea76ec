import { describe, expect, test } from 'vitest'

import { fresh } from '../store/stores.ts'
import { ID, LONGER, OTHER } from './session-pairs.ts'
import { everySchedule, everyScheduleWithin } from './session-schedules.ts'

/** One session's words are never another's. */
describe('a slot that gets another session while an agent reads it, or has read it', () => {
  everySchedule([
    ['session', ['get', 'delete, clean up and create'], ['k0 ×0 v1, done, k0 ×0 v1', 'none, done, k0 ×0 v1']],
    [
      'session',
      ['get', 'delete, clean up and create a longer one'],
      ['k0 ×0 v1, done, none, newer ko ×0 v1', 'none, done, none, newer ko ×0 v1'],
    ],
    [
      'session',
      ['get k', 'delete, clean up and create a longer one'],
      ['0, done, none, newer ko ×0 v1', 'none, done, none, newer ko ×0 v1'],
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
