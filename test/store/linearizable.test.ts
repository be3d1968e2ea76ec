/** The checker on histories that are written by hand: those that it must accept, and those that it must refuse. */
import { expect, test } from 'vitest'
import { isLinearizable } from './linearizable.ts'
import type { Event, History } from './linearizable.ts'
import { oneSession } from './one-session.ts'
import type { Live, Step } from './one-session.ts'
import { EXISTS, NOT_FOUND, TOO_LONG } from './stores.ts'

const model = oneSession(24)

/** Returns a step with its result and the stamps of its call and its return. */
function step(called: number, returned: number, operation: Step, result?: unknown): Event<Step> {
  return { operation, result, called, returned }
}

const creation = { do: 'create', names: ['a', 'u', 'u'], metadata: [] } as const
const created = step(0, 1, creation, 'a')
const increment = { do: 'increment' } as const
const remove = { do: 'delete' } as const
const clean = { do: 'clean' } as const
const get = { do: 'get' } as const
const update = { do: 'update', key: 'k', value: 'new' } as const
const before: Live = { names: ['a', 'u', 'u'], accessCount: 0, version: 1, hours: Infinity, metadata: [] }
const after: Live = { ...before, accessCount: 1, version: 2, metadata: [['k', 'new']] }

test.each<[string, History<Step>]>([
  ['nothing', [[], []]],
  [
    'two increments at once, the later one counted first',
    [[created, step(2, 5, increment, 2)], [step(3, 4, increment, 1)]],
  ],
  ['two creations at once, of which one wins', [[created], [step(0, 1, creation, EXISTS)]]],
  [
    'reads that overlap an update, first old, then new',
    [
      [created, step(2, 9, update)],
      [step(3, 4, get, before), step(5, 6, get, after)],
    ],
  ],
  [
    'a creation again while the clean-up is under way',
    [[created, step(2, 3, remove, true), step(4, 7, clean)], [step(5, 6, creation, 'a')]],
  ],
  [
    'a creation refused while its id waits for the clean-up',
    [
      [created, step(2, 3, remove, true), step(4, 7, clean)],
      [step(5, 6, creation, EXISTS), step(8, 9, creation, 'a')],
    ],
  ],
  [
    'a clean-up that may have been of another id',
    [[created, step(2, 3, { do: 'clean, perhaps' }), step(4, 5, get, before)]],
  ],
  [
    'an update refused because its value is too long',
    [[created, step(2, 3, { ...update, value: '13 characters' }, TOO_LONG)]],
  ],
  [
    'an id that is taken before its session is seen',
    [
      [step(0, 3, { do: 'reserve' }), step(3, 8, { ...creation, do: 'appear' }, 'a')],
      [step(1, 2, creation, EXISTS), step(4, 5, get, undefined), step(6, 7, get, before)],
    ],
  ],
])('accepted: %s', (_, history) => {
  expect(isLinearizable(model, history)).toBe(true)
})

test.each<[string, History<Step>]>([
  ['two increments with one count', [[created, step(2, 4, increment, 1)], [step(3, 5, increment, 1)]]],
  ['two creations at once that both win', [[created], [step(0, 1, creation, 'a')]]],
  ['an update that is not seen afterwards', [[created, step(2, 3, update)], [step(4, 5, get, before)]]],
  [
    'reads that overlap an update, first new, then old',
    [
      [created, step(2, 9, update)],
      [step(3, 4, get, after), step(5, 6, get, before)],
    ],
  ],
  [
    'a session of which a part is older than another',
    [[created, step(2, 5, update)], [step(3, 4, get, { ...after, version: 1 })]],
  ],
  ['two deletions of one session', [[created, step(2, 4, remove, true)], [step(3, 5, remove, true)]]],
  [
    'a creation again before the clean-up has begun',
    [[created, step(2, 3, remove, true), step(6, 7, clean)], [step(4, 5, creation, 'a')]],
  ],
  ['an update refused though its value fits', [[created, step(2, 3, update, TOO_LONG)]]],
  ['a clean-up of a live session', [[created, step(2, 3, clean)]]],
  ['an operation that finds nothing while the session lives', [[created], [step(2, 3, increment, NOT_FOUND)]]],
])('refused: %s', (_, history) => {
  expect(isLinearizable(model, history)).toBe(false)
})
