/** What the threads do in step: each waits for all others between two of its operations. */
import { Barrier } from '../../src/sync/barrier.ts'
import { Condition } from '../../src/sync/condition.ts'
import { Mutex } from '../../src/sync/mutex.ts'
import { StartGate } from '../../src/sync/start-gate.ts'
import { BATCH, type Contestant } from './contestant.ts'

/** Words that the others use; the gates begin after them, and are used once each. */
const GATES = 64

export const meetings = {
  /** The turn goes round: each waits for its own and wakes the others. */
  'raw wait, notify in turn': ({ words, index, workers }) => {
    return () => {
      for (let i = 0; i < BATCH; i++) {
        for (let turn = 0; (turn = Atomics.load(words, 0)) % workers !== index;) Atomics.wait(words, 0, turn)
        Atomics.add(words, 0, 1)
        Atomics.notify(words, 0)
      }
    }
  },
  /** The same through a condition, under its mutex. */
  'Condition wait, notify in turn': ({ words, index, workers }) => {
    const mutex = new Mutex(words, 0)
    const condition = new Condition(words, 16)
    return () => {
      for (let i = 0; i < BATCH; i++) {
        mutex.lock()
        condition.waitUntil(mutex, () => words[32]! % workers === index)
        words[32]!++
        condition.notifyAll()
        mutex.unlock()
      }
    }
  },
  'Barrier arriveAndWait': ({ words, workers }) => {
    const barrier = new Barrier(words, 0, workers)
    return () => {
      for (let i = 0; i < BATCH; i++) barrier.arriveAndWait()
    }
  },
  /** A gate opens once, so making it is part of it. */
  'StartGate new, arrive': ({ words, workers }) => {
    let at = GATES
    return () => {
      for (let i = 0; i < BATCH; i++) new StartGate(words, (at += StartGate.WORDS), workers).arrive()
    }
  },
} satisfies Record<string, Contestant>

/** How many words so many batches take. */
export function wordsFor(batches: number): number {
  return GATES + StartGate.WORDS * (batches * BATCH + 1)
}
