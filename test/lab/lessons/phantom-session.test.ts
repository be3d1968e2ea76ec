/** All workers delete the same sessions and count them, on 2 and 8 real threads; one worker dies during a delete. */
import { beforeAll, describe, expect, test } from 'vitest'
import { phantomSession } from '../../../src/lab/lessons/phantom-session.ts'
import type { LessonResult } from '../../../src/lab/run-thread-lesson.ts'
import { runOnce, variantOf, verdictsOf } from './run-once.ts'

const ITERATIONS = 20

describe.each([2, 8])('on %i threads', (workers) => {
  let result: LessonResult
  beforeAll(async () => {
    // Each deletion sleeps between its steps, so other workers count and delete meanwhile.
    result = await runOnce(phantomSession, workers, { iterations: ITERATIONS, gap: 'sleep:1' })
  })

  test('the variants that delete in one step or under all locks hold; the others break', () => {
    expect(verdictsOf(result)).toEqual({
      buggy: 'broke',
      'all-locks': 'held',
      'check-then-lock': 'broke',
      'state-machine': 'held',
    })
  })

  test('between the steps of buggy the counts disagree, and a worker that dies there leaves its row forever', () => {
    const { metrics, expected, actual } = variantOf(result, 'buggy')
    expect(metrics['disagreed']).toBeGreaterThan(0)
    expect(metrics['rowsLeft']).toBe(1)
    expect(actual).toBe(expected)
  })

  test('looking before locking subtracts one session from the count more than once', () => {
    const { metrics, expected, actual } = variantOf(result, 'check-then-lock')
    expect(expected).toBe(20)
    expect(actual).toBeLessThan(20)
    expect(metrics['drift']).toBe(20 - actual!)
  })

  test.each(['all-locks', 'state-machine'])('%s: no look disagrees, no row is left', (name) => {
    const { metrics, expected, actual } = variantOf(result, name)
    expect({ expected, actual }).toEqual({ expected: 20, actual: 20 })
    expect(metrics).toMatchObject({ disagreed: 0, drift: 0, rowsLeft: 0 })
    expect(metrics['observations']).toBe(workers * ITERATIONS)
  })

  test('the witness counts between the steps of a delete', () => {
    const { steps } = result.witness!
    const counted = steps.find(({ detail }) => detail.endsWith('they disagree'))!
    const [, sessions, active, queue] = /sessions=(\d+) active=(\d+) queue=(\d+)/.exec(counted.detail)!.map(Number)
    const all = sessions === active ? sessions! + queue! : 0
    expect(all).not.toBe(31)
  })
})

test('the thread that dies is really gone, and the team goes on with another', async () => {
  const result = await runOnce(phantomSession, 2, { iterations: 5 })
  // Four variants ran one after the other on the same team, after a worker had died in the first.
  expect(result.variants.map(({ metrics }) => metrics['observations'])).toEqual([10, 10, 10, 10])
})
