/** A limit under parallel requests: the buggy variant serves more requests than the limit, the sound one exactly as many. */
import { beforeAll, describe, expect, test } from 'vitest'
import { rateLimitBypass } from '../../../src/lab/lessons/rate-limit-bypass.ts'
import type { LessonResult, WitnessStep } from '../../../src/lab/run-thread-lesson.ts'
import { runOnce, variantOf } from './run-once.ts'

const ITERATIONS = 50

// The limit is 100, or half of the requests if that is less: two workers send 100.
describe.each([
  [2, 50],
  [8, 100],
])('on %i threads', (workers, limit) => {
  let result: LessonResult

  beforeAll(async () => {
    // Every request sleeps between its read and its write, so two requests get the same number for certain.
    result = await runOnce(rateLimitBypass, workers, { iterations: ITERATIONS, gap: 'sleep:1' })
  })

  const requests = workers * ITERATIONS

  test('each worker is a thread of its own', () => {
    expect(result.threads).toBe(workers)
  })

  test('the buggy variant serves more than the limit, and counts fewer requests than were made', () => {
    const { verdict, violations, expected, actual, metrics } = variantOf(result, 'buggy')
    expect({ verdict, expected }).toEqual({ verdict: 'broke', expected: limit })
    expect(violations).toBeGreaterThan(0)
    expect(actual).toBe(limit + violations)
    expect(metrics).toMatchObject({ requests, limit, served: actual, overLimit: violations })
    expect(metrics['counted']).toBeLessThan(requests)
  })

  test('the sound variant serves exactly the limit, and counts every request', () => {
    const { verdict, violations, actual, metrics } = variantOf(result, 'sound')
    expect({ verdict, violations, actual }).toEqual({ verdict: 'held', violations: 0, actual: limit })
    expect(metrics['counted']).toBe(requests)
  })

  test('the witness is two requests that took one number, and both were served', () => {
    const served = result.witness!.steps.filter(({ action }) => action === 'serve') as [WitnessStep, WitnessStep]
    expect(served).toHaveLength(2)
    expect(served[0].detail).toMatch(/^request \d+ of 20$/)
    expect(served[1]).toMatchObject({ thread: 3 - served[0].thread, detail: served[0].detail })
  })
})

test('with one worker exactly the limit is served, also when few requests are made', async () => {
  const result = await runOnce(rateLimitBypass, 1, { iterations: 7 })
  // The limit of seven requests is half of them, rounded up.
  expect(result.variants.map(({ verdict, expected, actual }) => ({ verdict, expected, actual }))).toEqual([
    { verdict: 'inconclusive', expected: 4, actual: 4 },
    { verdict: 'held', expected: 4, actual: 4 },
  ])
})
