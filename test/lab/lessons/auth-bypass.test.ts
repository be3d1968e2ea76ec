/** A revocation under parallel requests: the buggy variant loses it, the sound one never does. */
import { beforeAll, describe, expect, test } from 'vitest'
import { authBypass } from '../../../src/lab/lessons/auth-bypass.ts'
import type { LessonResult } from '../../../src/lab/run-thread-lesson.ts'
import { runOnce, variantOf } from './run-once.ts'

const ROUNDS = 10

describe.each([2, 8])('on %i threads', (workers) => {
  let result: LessonResult

  beforeAll(async () => {
    // Every update sleeps between its read and its write, so some request sleeps while the revocation is written.
    result = await runOnce(authBypass, workers, { iterations: ROUNDS, gap: 'sleep:1' })
  })

  // In each round each worker, including the administrator, sends three requests after the revocation.
  const requestsAfter = ROUNDS * workers * 3

  test('each worker is a thread of its own', () => {
    expect(result.threads).toBe(workers)
  })

  test('the buggy variant grants requests that began after the revocation had returned', () => {
    const { verdict, violations, expected, actual, metrics } = variantOf(result, 'buggy')
    expect({ verdict, expected }).toEqual({ verdict: 'broke', expected: requestsAfter })
    expect(violations).toBeGreaterThan(0)
    expect(actual).toBe(requestsAfter - violations)
    expect(metrics).toMatchObject({ granted: violations, refused: actual })
  })

  test('the sound variant refuses every one of them', () => {
    const { verdict, violations, expected, actual } = variantOf(result, 'sound')
    expect({ verdict, violations, expected, actual }).toEqual({
      verdict: 'held',
      violations: 0,
      expected: requestsAfter,
      actual: requestsAfter,
    })
  })

  test('the witness is a revocation that was written, overwritten, and a grant after it', () => {
    const { steps } = result.witness!
    const done = steps.find(({ action }) => action === 'done')!
    const revoked = steps.find(({ action, detail }) => action === 'write' && detail === 'authenticated=no')!
    const restored = steps.find(({ action, detail }) => action === 'write' && detail === 'authenticated=yes')!
    const last = steps.at(-1)!
    expect(done.thread).toBe(revoked.thread)
    expect(restored).toMatchObject({ thread: 3 - revoked.thread, store: 'authenticated=yes' })
    expect(restored.time).toBeGreaterThan(revoked.time)
    expect(last).toMatchObject({ thread: restored.thread, action: 'grant', store: 'authenticated=yes' })
    expect(last.time).toBeGreaterThan(Math.max(done.time, restored.time))
  })
})

test('with one worker nothing is granted after the revocation', async () => {
  const result = await runOnce(authBypass, 1, { iterations: 3 })
  expect(result.variants.map(({ verdict, expected, actual }) => ({ verdict, expected, actual }))).toEqual([
    { verdict: 'inconclusive', expected: 9, actual: 9 },
    { verdict: 'held', expected: 9, actual: 9 },
  ])
})
