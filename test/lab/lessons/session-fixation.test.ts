/**
 * An id that one worker deletes while another creates it again: the buggy variant frees the id too early, the sound one
 * never does.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import { sessionFixation } from '../../../src/lab/lessons/session-fixation.ts'
import type { LessonResult } from '../../../src/lab/run-thread-lesson.ts'
import { runOnce, variantOf } from './run-once.ts'

const ROUNDS = 10

describe.each([
  [2, 'memory'],
  [8, 'memory'],
  [8, 'sqlite'],
] as const)('on %i threads, rows in %s', (workers, database) => {
  let result: LessonResult

  beforeAll(async () => {
    // A deletion sleeps twice between its steps, and a worker once between two attempts: an attempt falls into the deletion.
    result = await runOnce(sessionFixation, workers, { iterations: ROUNDS, gap: 'sleep:1', database })
  })

  test('each worker is a thread of its own', () => {
    expect(result.threads).toBe(workers)
  })

  test('the buggy variant frees ids whose old row is still in the database', () => {
    const { verdict, violations, expected, actual, metrics } = variantOf(result, 'buggy')
    expect({ verdict, expected, actual }).toEqual({ verdict: 'broke', expected: null, actual: null })
    expect(metrics['created']).toBe(ROUNDS)
    expect(metrics['tooEarly']).toBeGreaterThan(0)
    expect(violations).toBe((metrics['tooEarly'] as number) + (metrics['rowsLost'] as number))
  })

  test('the sound variant frees every id once, without an old row, and drops no new row', () => {
    const { verdict, violations, metrics } = variantOf(result, 'sound')
    expect({ verdict, violations }).toEqual({ verdict: 'held', violations: 0 })
    expect(metrics).toMatchObject({ created: ROUNDS, tooEarly: 0, rowsLost: 0 })
  })

  test('the witness is a session created within a deletion, and its row dropped', () => {
    const { steps } = result.witness!
    const at = (action: string) => steps.find((step) => step.action === action)!
    const [removed, created, queued, dropped] = [at('remove from store'), at('create'), at('queue'), at('drop row')]
    expect(created).toMatchObject({ thread: 3 - removed.thread, detail: removed.detail })
    expect(created.time).toBeGreaterThan(removed.time)
    expect(created.time).toBeLessThan(queued.time)
    expect(dropped).toMatchObject({ thread: removed.thread, detail: removed.detail })
    expect(steps.at(-1)!.store).toBe('session=eve row=none queue=id')
  })
})

test('with one worker each id is created after its old row was dropped', async () => {
  const result = await runOnce(sessionFixation, 1, { iterations: 3 })
  expect(result.variants.map(({ verdict, metrics }) => ({ verdict, created: metrics['created'] }))).toEqual([
    { verdict: 'inconclusive', created: 3 },
    { verdict: 'held', created: 3 },
  ])
})
