/** The loops of the primitives that threads meet at. A thread waits for all others between two of its operations. */
import { Barrier } from '../../src/sync/barrier.ts'
import { Condition } from '../../src/sync/condition.ts'
import { Mutex } from '../../src/sync/mutex.ts'
import { StartGate } from '../../src/sync/start-gate.ts'
import { BATCH } from './primitive-loop.ts'
import type { PrimitiveLoop } from './primitive-loop.ts'

/** The words before this index belong to the other primitives. The start gates begin here; each gate is used once. */
const GATES = 64

export const meetings = {
  /** The threads take turns: each waits for its own turn, and wakes the others after it. */
  'raw wait, notify in turn': ({ words, index, workers }) => {
    return () => {
      for (let i = 0; i < BATCH; i++) {
        for (let turn = 0; (turn = Atomics.load(words, 0)) % workers !== index;) Atomics.wait(words, 0, turn)
        Atomics.add(words, 0, 1)
        Atomics.notify(words, 0)
      }
    }
  },
  /** The threads take turns with a condition and its mutex. */
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
  /** A gate opens only once, so its construction is part of the operation. */
  'StartGate new, arrive': ({ words, workers }) => {
    let at = GATES
    return () => {
      for (let i = 0; i < BATCH; i++) new StartGate(words, (at += StartGate.WORDS), workers).arrive()
    }
  },
} satisfies Record<string, PrimitiveLoop>

/** Returns how many words `batches` batches need. */
export function wordsFor(batches: number): number {
  return GATES + StartGate.WORDS * (batches * BATCH + 1)
}
