/**
 * The load of each primitive, and of the raw atomics that it is compared with. All threads use the same words. One measured
 * operation is one batch of calls.
 */
import type { LessonLoad } from '../../src/lab/lessons/lesson.ts'
import type { PrimitiveLoop } from './primitive-loop.ts'
import { locks } from './locks.ts'
import { meetings, wordsFor } from './meetings.ts'

export const primitiveLoops = { ...locks, ...meetings } satisfies Record<string, PrimitiveLoop>
export type PrimitiveName = keyof typeof primitiveLoops

/** How many batches each worker does before the start, so that V8 has compiled the code. They use other words. */
const WARM_UP = 20

export const primitives: LessonLoad<SharedArrayBuffer, void> = {
  iterations: 10,
  gap: 'none',
  database: 'memory',

  prepare: ({ iterations }) => freshWords(iterations).buffer,

  work(memory, { variant, iterations, workers }, worker) {
    const makeLoop = primitiveLoops[variant as PrimitiveName]
    const warmUp = makeLoop({ words: freshWords(WARM_UP), index: 0, workers: 1 })
    for (let i = 0; i < WARM_UP; i++) warmUp()
    const batch = makeLoop({ words: new Int32Array(memory), index: worker.index, workers })
    worker.start()
    for (let i = 0; i < iterations; i++) worker.operation(batch)
  },

  // Only the speed is measured.
  judge: () => ({ expected: null, actual: null, violations: 0, metrics: {} }),
}

function freshWords(batches: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(4 * wordsFor(batches)))
}
