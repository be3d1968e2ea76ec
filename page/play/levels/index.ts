/** The levels, from two lines to a lock-free queue and the lab's own bugs. */
import type { Level } from '../level.ts'
import { cleanupLeak } from './cleanup-leak.ts'
import { foreignUnlock } from './foreign-unlock.ts'
import { highScore } from './high-score.ts'
import { laggingTail } from './lagging-tail.ts'
import { lastSeat } from './last-seat.ts'
import { lockOrder } from './lock-order.ts'
import { lostUpdate } from './lost-update.ts'
import { lostWakeUp } from './lost-wake-up.ts'
import { message } from './message.ts'
import { peterson } from './peterson.ts'
import { phantomSession } from './phantom-session.ts'
import { sameAgain } from './same-again.ts'
import { semaphore } from './semaphore.ts'
import { sixTimes } from './six-times.ts'
import { staleOverwrite } from './stale-overwrite.ts'
import { stolenWakeUp } from './stolen-wake-up.ts'
import { tornIndex } from './torn-index.ts'
import { twoFlags } from './two-flags.ts'

export const CHAPTERS: readonly { readonly title: string; readonly levels: readonly Level[] }[] = [
  { title: 'One word', levels: [lostUpdate, lastSeat, highScore, sixTimes] },
  { title: 'Two words', levels: [message, tornIndex, twoFlags, peterson] },
  { title: 'Waiting', levels: [lostWakeUp, stolenWakeUp, lockOrder, foreignUnlock, semaphore] },
  { title: 'Without locks', levels: [sameAgain, laggingTail] },
  { title: 'The lab’s own bugs', levels: [cleanupLeak, phantomSession, staleOverwrite] },
]
