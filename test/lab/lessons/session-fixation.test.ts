/**
 * An id that one worker deletes while another creates it again: the buggy variant frees the id too early, the sound one
 * never does.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sessionFixation } from '../../../src/lab/lessons/session-fixation.ts'
import { runThreadLesson } from '../../../src/lab/run-thread-lesson.ts'
import type { LessonResult } from '../../../src/lab/run-thread-lesson.ts'
import { Team } from '../../../src/stress/team.ts'
import { workerFile } from '../../../src/stress/worker-file.ts'

const ROUNDS = 20

describe.each([
  [2, 'memory'],
  [8, 'memory'],
  [8, 'sqlite'],
] as const)('on %i threads, rows in %s', (workers, database) => {
  let team: Team
  let result: LessonResult

  beforeAll(async () => {
    team = await Team.start(workers, await workerFile('stress'))
    // The load's gap sleeps between the steps of each deletion: in 20 rounds some worker creates the id during one.
    result = await runThreadLesson(team, sessionFixation, { workers, iterations: ROUNDS, seed: 1, database })
  })
  afterAll(() => team.close())

  const of = (name: string) => result.variants.find(({ variant }) => variant === name)!

  test('each worker is a thread of its own', () => {
    expect(result.threads).toBe(workers)
  })

  test('the buggy variant frees ids whose old row is still in the database', () => {
    const { verdict, violations, expected, actual, metrics } = of('buggy')
    expect({ verdict, expected, actual }).toEqual({ verdict: 'broke', expected: null, actual: null })
    expect(metrics['created']).toBe(ROUNDS)
    expect(metrics['tooEarly']).toBeGreaterThan(0)
    expect(violations).toBe((metrics['tooEarly'] as number) + (metrics['rowsLost'] as number))
  })

  test('the sound variant frees every id once, without an old row, and drops no new row', () => {
    const { verdict, violations, metrics } = of('sound')
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
  const team = await Team.start(1, await workerFile('stress'))
  const result = await runThreadLesson(team, sessionFixation, { workers: 1, iterations: 3, seed: 1 })
  await team.close()
  expect(result.variants.map(({ verdict, metrics }) => ({ verdict, created: metrics['created'] }))).toEqual([
    { verdict: 'inconclusive', created: 3 },
    { verdict: 'held', created: 3 },
  ])
})
