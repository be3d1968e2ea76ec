import { everyCrash } from './session-crashes.ts'

everyCrash([
  ['session', 'get twice, set x'],
  ['session', 'get twice, increment'],
  ['session', 'get twice, touch'],
  ['session', 'get twice, delete'],
  ['session', 'increment', 'get'],
  ['session', 'set x', 'increment'],
  ['session', 'delete', 'increment'],
  ['session', 'get twice, increment all'],
  ['session', 'get twice, set all'],
])
