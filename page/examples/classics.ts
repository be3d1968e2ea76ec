/** Classic programs, of which some hold and some do not. */
import aba from './classics/aba.ts?raw'
import boundedBuffer from './classics/bounded-buffer.ts?raw'
import crash from './classics/crash.ts?raw'
import dekker from './classics/dekker.ts?raw'
import dekkerPlain from './classics/dekker-plain.ts?raw'
import doubleChecked from './classics/double-checked.ts?raw'
import lostWakeUp from './classics/lost-wake-up.ts?raw'
import messagePassing from './classics/message-passing.ts?raw'
import peterson from './classics/peterson.ts?raw'
import philosophers from './classics/philosophers.ts?raw'
import readersWriters from './classics/readers-writers.ts?raw'
import ticketLock from './classics/ticket-lock.ts?raw'
import twoIncrements from './classics/two-increments.ts?raw'
import type { Example } from './example.ts'

const group = 'Classic programs'

export const CLASSICS: readonly Example[] = [
  { group, name: 'two-increments', title: 'Two increments', verdict: 'fail', code: twoIncrements },
  { group, name: 'message-passing', title: 'Message passing with a plain flag', verdict: 'fail', code: messagePassing },
  { group, name: 'dekker', title: 'Dekker’s flags', verdict: 'pass', code: dekker },
  { group, name: 'dekker-plain', title: 'Dekker’s flags without Atomics', verdict: 'fail', code: dekkerPlain },
  { group, name: 'peterson', title: 'Peterson’s lock', verdict: 'pass', code: peterson },
  { group, name: 'ticket-lock', title: 'A ticket lock', verdict: 'pass', code: ticketLock },
  { group, name: 'double-checked', title: 'Double-checked initialisation', verdict: 'fail', code: doubleChecked },
  { group, name: 'lost-wake-up', title: 'A mutex that loses a wake-up', verdict: 'fail', code: lostWakeUp },
  { group, name: 'bounded-buffer', title: 'A bounded buffer', verdict: 'fail', code: boundedBuffer },
  { group, name: 'readers-writers', title: 'Readers and a writer', verdict: 'pass', code: readersWriters },
  { group, name: 'aba', title: 'ABA on a stack', verdict: 'fail', code: aba },
  { group, name: 'philosophers', title: 'Dining philosophers', verdict: 'fail', code: philosophers },
  { group, name: 'crash', title: 'A crash with recovery', verdict: 'fail', code: crash },
]
