import { scenario } from 'racelab/explore'
import {
  allocateLabStore,
  census,
  createSession,
  deleteSession,
  failing,
  LabStore,
  namedWords,
  runCleanup,
  storeRaces,
} from 'racelab/lab'
import type { LabMemory } from 'racelab/lab'

const remove = deleteSession.buggy

const cleanUp = runCleanup.buggy

/** A database that refuses to drop any row. */
const refusing = failing({ fetch: () => undefined, store() {}, delete() {}, close() {} }, () => true)
const MOST_ATTEMPTS = 2

const clean = (memory: LabMemory) => cleanUp(new LabStore(memory), refusing, { mostAttempts: MOST_ATTEMPTS }).failed

/** How many deleted sessions wait: in the queue, or by their state. */
const waiting = (store: LabStore) => store.queue.lock.reading(() => store.queue.length) + census(store).deleted

export default scenario({
  name: 'cleanup leak',
  memory() {
    const memory = allocateLabStore({ capacity: 1, metadataBytes: 0, queueCapacity: 1 })
    createSession(new LabStore(memory), undefined, '', '', { id: 'a' })
    return memory
  },
  actors: {
    deleter: (memory) => remove(new LabStore(memory), 'a'),
    cleaner: (memory) => clean(memory),
  },
  observe(memory, { cleaner: failed }) {
    let attempts = failed
    for (let cycle = 0; cycle < MOST_ATTEMPTS; cycle++) attempts += clean(memory)
    return waiting(new LabStore(memory)) > 0
      ? `tried ${attempts} times, still queued`
      : `given up after ${attempts} attempts`
  },
  outcomes: {
    'given up after 2 attempts': 'acceptable',
    'tried 3 times, still queued': [
      'forbidden',
      'a row that the database refuses stays queued, and every cycle tries it again',
    ],
    'tried 2 times, still queued': [
      'forbidden',
      'a row that the database refuses stays queued, and every cycle tries it again',
    ],
  },
  names: namedWords,
  races: storeRaces,
})
