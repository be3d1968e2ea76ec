/** Each primitive and the raw atomics beside it, on all threads at once over the same words. An operation is a batch. */
import type { LessonLoad } from '../../src/lab/lessons/lesson.ts'
import type { Contestant } from './contestant.ts'
import { locks } from './locks.ts'
import { meetings, wordsFor } from './meetings.ts'

export const contestants = { ...locks, ...meetings } satisfies Record<string, Contestant>
export type ContestantName = keyof typeof contestants

/** Batches on words of the worker's own before the start, so that what is measured is compiled code. */
const WARM_UP = 20

export const primitives: LessonLoad<SharedArrayBuffer, void> = {
  iterations: 10,
  gap: 'none',
  database: 'memory',

  prepare: ({ iterations }) => freshWords(iterations).buffer,

  work(memory, { variant, iterations, workers }, hand) {
    const contestant = contestants[variant as ContestantName]
    const warmUp = contestant({ words: freshWords(WARM_UP), index: 0, workers: 1 })
    for (let i = 0; i < WARM_UP; i++) warmUp()
    const batch = contestant({ words: new Int32Array(memory), index: hand.index, workers })
    hand.start()
    for (let i = 0; i < iterations; i++) hand.operation(batch)
  },

  judge: () => ({ expected: null, actual: null, violations: 0, metrics: {} }),
}

function freshWords(batches: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(4 * wordsFor(batches)))
}
