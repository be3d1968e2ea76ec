/** Each operation of the session manager with one crash, at any step: it has happened as a whole, or not at all. */
import { describe } from 'vitest'

import { everyCrash } from './session-crashes.ts'

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
    ['session', 'get'],
    ['session', 'list'],
    ['session', 'count active'],
    ['session', 'stats'],
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
