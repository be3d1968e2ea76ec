/** Each operation of the session manager with one crash, at any step: it has happened as a whole, or not at all. */
import { describe, expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import { everyCrash, killed } from './session-crashes.ts'

describe('alone', () => {
  everyCrash([
    ['session', 'set x'],
    ['session', 'set another'],
    ['session', 'change l'],
    ['session', 'increment'],
    ['session', 'touch'],
    ['session', 'refresh'],
    ['session', 'delete'],
    ['session', 'create'],
    ['session', 'delete at once'],
    ['session', 'get'],
    ['session', 'get k'],
    ['session', 'list'],
    ['session', 'count active'],
    ['session', 'stats'],
    ['session', 'count queue'],
    ['session', 'revoke'],
    ['session', 'get twice, get many'],
    ['empty', 'create'],
    ['empty', 'create with a row'],
    ['deleted', 'create'],
    ['deleted', 'clean up'],
    ['dead letter', 'take dead letters'],
    ['expired', 'clean up'],
    ['expired', 'create'],
  ])
})

describe('beside another operation', () => {
  everyCrash([['session', 'delete', 'get']])
})

// Two operations: the eviction has happened, or both have.
test('a creation that is killed after its eviction leaves the evicted session gone, and no new one', () => {
  const { outcomes, ...scenario } = killed('session', 'create another, evicting')
  const exploration = explore({ ...scenario, outcomes: { ...outcomes, '✝, none': 'acceptable' } })
  expect(exploration).toMatchObject({ verdict: 'pass', complete: true })
  expect(Object.keys(exploration.outcomes)).toHaveLength(3)
})
