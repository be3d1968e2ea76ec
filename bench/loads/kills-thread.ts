/**
 * The entry of a thread of the bench `kills`: it works on the store without end, and writes into words of its own what it has begun
 * and what it has done. A survivor rests whenever the main thread wants to look at the store.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { SessionExistsError, SessionNotFoundError, StoreFullError } from '../../src/store/errors.ts'
import { SessionManager } from '../../src/store/manager.ts'
import { Log, POOL, SESSIONS, Word } from './kills-log.ts'
import type { KillsThreadData } from './kills-log.ts'

const { memory, log, gate, thread, seed } = workerData as KillsThreadData
const sessions = new SessionManager(memory)
const mine = Log.of(log, thread)
/** Values of different lengths: some replace the last one in place, and some move what follows. */
const TAILS = ['', '.', 'x'.repeat(20), 'y'.repeat(21), 'z'.repeat(60)]
let random = seed

function below(limit: number): number {
  random = (Math.imul(random, 1664525) + 1013904223) | 0
  return (random >>> 8) % limit
}

const acts: readonly (() => void)[] = [
  () => mine.count(below(SESSIONS), (id) => sessions.incrementAccess(id)),
  () => {
    const session = below(SESSIONS)
    mine.count(session, () =>
      mine.set(session, (id, value) => sessions.updateSession(id, `${thread}`, value + TAILS[below(5)]!)),
    )
  },
  () =>
    mine.set(below(SESSIONS), (id, value) =>
      sessions.changeMetadata(id, (metadata) => {
        metadata.set(`${thread}`, value + TAILS[below(5)]!)
        metadata.set('last', `${thread}`)
      }),
    ),
  () => void sessions.getSession(`s${below(SESSIONS)}`),
  () => sessions.touch(`s${below(SESSIONS)}`, 1e9),
  () => sessions.createSession('u', 'n', { id: `p${below(POOL)}` }),
  () => void sessions.deleteSession(`p${below(POOL)}`),
  () => void sessions.runCleanup({ limit: 1 }),
]

/** Pool sessions come and go, so they may be there or not. */
function attempt(act: () => void): void {
  try {
    act()
  } catch (refusal) {
    const isExpected =
      refusal instanceof SessionExistsError ||
      refusal instanceof SessionNotFoundError ||
      refusal instanceof StoreFullError
    if (!isExpected) throw refusal
  }
}

parentPort!.postMessage('begins')
for (;;) {
  if (Atomics.load(gate, Word.REST) === 1) {
    Atomics.add(gate, Word.RESTING, 1)
    Atomics.notify(gate, Word.RESTING)
    Atomics.wait(gate, Word.REST, 1)
    Atomics.sub(gate, Word.RESTING, 1)
  }
  const act = acts[below(acts.length)]!
  mine.isInside = true
  attempt(act)
  mine.isInside = false
}
