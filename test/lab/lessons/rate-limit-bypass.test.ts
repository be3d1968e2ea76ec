/** A limit under parallel requests: the buggy variant serves more requests than the limit, the sound one exactly as many. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rateLimitBypass } from '../../../src/lab/lessons/rate-limit-bypass.ts'
import { parseGap } from '../../../src/stress/gap.ts'
import { runThreadLesson } from '../../../src/lab/run-thread-lesson.ts'
import type { LessonResult, WitnessStep } from '../../../src/lab/run-thread-lesson.ts'
import { Team } from '../../../src/stress/team.ts'
import { workerFile } from '../../../src/stress/worker-file.ts'

describe.each([2, 8])('on %i threads', (workers) => {
  let team: Team
  let result: LessonResult

  beforeAll(async () => {
    team = await Team.start(workers, await workerFile('stress'))
    // Every request sleeps between its read and its write, so two requests get the same number for certain.
    result = await runThreadLesson(team, rateLimitBypass, {
      workers,
      iterations: 150,
      gap: parseGap('sleep:0.01'),
      seed: 1,
    })
  })
  afterAll(() => team.close())

  const of = (name: string) => result.variants.find(({ variant }) => variant === name)!
  const requests = workers * 150

  test('each worker is a thread of its own', () => {
    expect(result.threads).toBe(workers)
  })

  test('the buggy variant serves more than the limit, and counts fewer requests than were made', () => {
    const { verdict, violations, expected, actual, metrics } = of('buggy')
    expect({ verdict, expected }).toEqual({ verdict: 'broke', expected: 100 })
    expect(violations).toBeGreaterThan(0)
    expect(actual).toBe(100 + violations)
    expect(metrics).toMatchObject({ requests, limit: 100, served: actual, overLimit: violations })
    expect(metrics['counted']).toBeLessThan(requests)
  })

  test('the sound variant serves exactly the limit, and counts every request', () => {
    const { verdict, violations, actual, metrics } = of('sound')
    expect({ verdict, violations, actual }).toEqual({ verdict: 'held', violations: 0, actual: 100 })
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
  const team = await Team.start(1, await workerFile('stress'))
  const result = await runThreadLesson(team, rateLimitBypass, { workers: 1, iterations: 7, seed: 1 })
  await team.close()
  // The limit of seven requests is half of them, rounded up.
  expect(result.variants.map(({ verdict, expected, actual }) => ({ verdict, expected, actual }))).toEqual([
    { verdict: 'inconclusive', expected: 4, actual: 4 },
    { verdict: 'held', expected: 4, actual: 4 },
  ])
})
