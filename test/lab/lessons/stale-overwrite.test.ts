/** Updaters against refreshers over SQLite rows, on 2 and 8 real threads. */
import { beforeAll, describe, expect, test } from 'vitest'
import { staleOverwrite } from '../../../src/lab/lessons/stale-overwrite.ts'
import type { LessonResult } from '../../../src/lab/run-thread-lesson.ts'
import { runOnce, variantOf, verdictsOf } from './run-once.ts'

const LOAD = { iterations: 50, gap: 'sleep:1' }

describe.each([2, 8])('on %i threads', (workers) => {
  let result: LessonResult
  beforeAll(async () => {
    // Every refresh sleeps between its fetch and its write, and every updater between two edits.
    result = await runOnce(staleOverwrite, workers, LOAD)
  })

  test('the rules that compare correctly hold, the others break', () => {
    expect(verdictsOf(result)).toEqual({
      buggy: 'broke',
      'less-than': 'broke',
      'version-equal': 'held',
      'newer-only': 'held',
      timestamp: 'broke',
    })
  })

  test('>= takes old rows, and leaves versions that are newer than the data', () => {
    const { metrics, expected, actual } = variantOf(result, 'buggy')
    expect(metrics['vanished']).toBeGreaterThan(0)
    expect(metrics['lying']).toBeGreaterThan(0)
    expect(expected! - actual!).toBe(metrics['vanished'])
  })

  test('< never takes a row: nothing is lost, and a change in the database is never seen', () => {
    const { metrics } = variantOf(result, 'less-than')
    expect(metrics).toMatchObject({ vanished: 0, applied: 0, stale: Math.ceil(workers / 2) })
  })

  test.each(['version-equal', 'newer-only'])('%s loses nothing, and both takes rows and discards them', (name) => {
    const { metrics } = variantOf(result, name)
    expect(metrics).toMatchObject({ vanished: 0, lying: 0, stale: 0 })
    expect(metrics['applied']).toBeGreaterThan(0)
    expect(metrics['discarded']).toBeGreaterThan(0)
  })

  test('timestamp takes old rows that were written in the same tick', () => {
    expect(variantOf(result, 'timestamp').metrics['vanished']).toBeGreaterThan(0)
  })

  test('the witness fetches a row, the session changes, and the row is written over the change', () => {
    const { steps, told } = result.witness!
    const at = (action: string) => steps.findIndex((step) => step.action === action)
    const lastWrite = steps.findLastIndex(({ action }) => action === 'write')
    expect(at('fetch row')).toBeLessThan(at('write'))
    expect(at('write')).toBeLessThan(lastWrite)
    expect(steps[at('write')]!.thread).not.toBe(steps[lastWrite]!.thread)
    expect(steps[lastWrite]!.thread).toBe(steps[at('fetch row')]!.thread)
    expect(told).toMatch(/^Edit \d+ was written, then overwritten by edit \d+/)
  })
})

test('the database may also be in shared memory', async () => {
  const result = await runOnce(staleOverwrite, 2, { ...LOAD, database: 'memory' })
  expect(verdictsOf(result)).toMatchObject({ buggy: 'broke', 'newer-only': 'held', 'version-equal': 'held' })
})
