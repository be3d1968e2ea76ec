/**
 * Workers that create and delete sessions, and one cleaner, on 2 and 8 real threads; and one worker alone, because the
 * leak is not a race.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import { cleanupLeak } from '../../../src/lab/lessons/cleanup-leak.ts'
import { failureRate } from '../../../src/lab/databases/failing.ts'
import type { LessonResult } from '../../../src/lab/run-thread-lesson.ts'
import { runOnce, variantOf, verdictsOf } from './run-once.ts'

/** Returns how many rows of the first `sessions` sessions the database refuses to drop. It is known before the run. */
function refused(sessions: number): number {
  const fails = failureRate(0.5, 1)
  return Array.from({ length: sessions }, (_, number) => `session ${number}`).filter(fails).length
}

describe.each([
  [1, 125],
  [2, 125],
  [8, 125],
])('on %i threads', (workers, iterations) => {
  const deletes = workers * iterations
  let result: LessonResult
  beforeAll(async () => {
    result = await runOnce(cleanupLeak, workers, { iterations })
  })

  test('the buggy clean-up leaks, the others do not', () => {
    expect(verdictsOf(result)).toEqual({ buggy: 'broke', 'retry-limit': 'held', 'dead-letter': 'held' })
  })

  test('all rows that the database refuses, about half, are left in the buggy queue', () => {
    const { expected, actual, metrics } = variantOf(result, 'buggy')
    expect(expected).toBe(deletes)
    expect(expected! - actual!).toBe(refused(deletes))
    // An item of the queue has 34 words: one for its attempts, one for the length of its id, 32 for an id of 128 bytes.
    const bytesHeld = refused(deletes) * 34 * 4
    expect(metrics).toMatchObject({ left: refused(deletes), deadLetters: 0, bytesHeld })
  })

  test.each(['retry-limit', 'dead-letter'])(
    '%s tries each refused row three times, each other once, and keeps none',
    (name) => {
      const { metrics } = variantOf(result, name)
      expect(metrics).toMatchObject({
        left: 0,
        bytesHeld: 0,
        deadLetters: refused(deletes),
        attempts: deletes + 2 * refused(deletes),
      })
    },
  )

  test('the buggy work grows with the square: its last cycles try every row that was ever refused', () => {
    const attempts = variantOf(result, 'buggy').metrics['attemptsByCycle'] as number[]
    expect(attempts.slice(-2)).toEqual([refused(deletes), refused(deletes)])
    const linear = variantOf(result, 'dead-letter').metrics['attemptsByCycle'] as number[]
    // A row is tried in three cycles. The last three cycles begin when all rows are queued. A cleaner beside other threads has
    // tried all of them once by then. A worker alone cleans up after every 7 of its 125 deletes, and not after the last 6.
    expect(linear.at(-1)).toBe(workers === 1 ? refused(125) - refused(119) : 0)
  })
})

test('1000 deletes leave about 500: the figure that was published', () => {
  expect(refused(1000)).toBe(488)
})
